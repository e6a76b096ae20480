// What a request may claim, what a form may hold, what a start refuses.

import type { Control } from './control.ts'
import { core, flows, edge } from './rooms.ts'

export const requests: readonly Control[] = [
  {
    row: 7,
    control: 'Nothing unsafe from another origin is read',
    mutants: [
      {
        name: 'cross-site requests are judged by Origin alone',
        file: edge('origin/check-origin.ts'),
        edits: [["if (secFetchSite === 'cross-site') return 'cross-site'", 'if (false) return null']],
        tests: [edge('origin/check-origin.test.ts')],
      },
      {
        name: 'a request that tells nothing about its origin passes with our cookie',
        file: edge('origin/check-origin.ts'),
        edits: [["return question.hasOurCookie ? 'no-origin' : null", 'return null']],
        tests: [edge('origin/check-origin.test.ts')],
      },
    ],
  },
  {
    row: 8,
    control: 'Origin and client address come from the configuration and the socket',
    mutants: [
      {
        name: 'every entry of X-Forwarded-For is believed',
        file: edge('request/client-address.ts'),
        edits: [['trustedProxies + 1,', '99,']],
        tests: [edge('request/client-address.test.ts')],
      },
      {
        name: 'a site of 65,536 networks has as many limits',
        file: flows('limits/client-charges.ts'),
        edits: [
          [
            'if (site === null) return [network]',
            'if (site !== null) return [network]\n  if (site === null) return [network]',
          ],
        ],
        tests: [flows('limits/client-networks.pg.test.ts')],
      },
      {
        name: 'the Host header names the app',
        file: edge('express/pin-request-url.ts'),
        edits: [['  req.headers.host = origin.host\n', '']],
        tests: [edge('express/sigra-express.test.ts')],
      },
    ],
  },
  {
    row: 9,
    control: 'redirectTo stays on our origin, and off our own routes',
    mutants: [
      {
        name: 'a path that a browser reads as a host is followed',
        file: core('redirect.ts'),
        edits: [["if (target.pathname.startsWith('//')) return null", 'if (false) return null']],
        tests: [core('redirect.test.ts')],
      },
      {
        name: 'somebody is sent to log-out after signing in',
        file: core('redirect.ts'),
        edits: [['if (isRefused(target.pathname, options.refusedPrefixes)) return null', '']],
        tests: [core('redirect.test.ts')],
      },
    ],
  },
  {
    row: 10,
    control: 'Security headers on every answer, and nothing personal is kept',
    mutants: [
      {
        name: 'pages may be framed',
        file: edge('headers/content-security-policy.ts'),
        edits: [["'frame-ancestors': [\"'none'\"],", '']],
        tests: [edge('headers/security-headers.test.ts')],
      },
      {
        name: 'a page of ours is shown under the policy of the host’s page before it, which only watches',
        file: edge('react-router/sigra-middleware.ts'),
        edits: [['if (page !== null)', 'if (page === null && page !== null)']],
        tests: [edge('request/document-border.test.ts')],
      },
      {
        name: 'pages of links of an area are pages of the host’s',
        file: edge('options.ts'),
        edits: [['    ...areaRoutes.map(({ path }) => path),\n', '']],
        tests: [edge('toy-area.pg.test.ts'), edge('organizations/organizations-area.test.ts')],
      },
      {
        name: 'types are guessed',
        file: edge('headers/security-headers.ts'),
        edits: [["'X-Content-Type-Options': 'nosniff',", '']],
        tests: [edge('headers/security-headers.test.ts')],
      },
      {
        name: 'what is somebody’s own may be cached',
        file: edge('request/answer-headers.ts'),
        edits: [
          ['return state.jar.isUsed || state.isMailFlowAsked || isSessions', 'return isSessions && false'],
        ],
        tests: [edge('answers.pg.test.ts'), edge('wrap-handler.test.ts')],
      },
      {
        name: 'what a page tells of an opened link may be cached',
        file: edge('request/answer-headers.ts'),
        edits: [['state.isMailFlowAsked || ', '']],
        tests: [edge('mail-flow.pg.test.ts')],
      },
    ],
  },
  {
    row: 16,
    control: 'Forms: listed fields, each once, no files, a bounded body',
    mutants: [
      {
        name: 'of two fields of a name one is taken',
        file: edge('forms/form-entries.ts'),
        edits: [['if (values.has(name) || problems.has(name)) {', 'if (false) {']],
        tests: [edge('forms/parse-form.test.ts')],
      },
      {
        name: 'a body has no end',
        file: edge('body/receive-body.ts'),
        edits: [["if (length > maxBytes) return 'too-large'", '']],
        tests: [edge('forms/parse-form.test.ts')],
      },
    ],
  },
  {
    row: 17,
    control: 'A production start refuses samples, demo users and what is missing',
    mutants: [
      {
        name: 'a sample secret will do',
        file: core('key-ring.ts'),
        edits: [['if (options.production) entries.forEach(refuseSample)', '']],
        tests: [core('key-ring.test.ts')],
      },
      {
        name: 'demo users may be there',
        file: flows('start/check-start.ts'),
        edits: [['if (hasSeedUsers)\n', 'if (hasSeedUsers && isolation === "")\n']],
        tests: [flows('start/check-start.pg.test.ts')],
      },
      {
        name: 'passkeys may be made for a domain that is not ours',
        file: flows('passkeys/configure-passkeys.ts'),
        edits: [['  checkRpId(party.rpId, party.origin)\n', '']],
        tests: [flows('runtime.test.ts')],
      },
      {
        name: 'any number will do for a setting',
        file: flows('policy-setting.ts'),
        edits: [[' && means(value) && value >= from && value <= to', ' && means(value)']],
        tests: [flows('create-policy.test.ts')],
      },
      {
        name: 'production takes the weak policy of tests',
        file: flows('runtime.ts'),
        edits: [['if (dangerouslyWeak && production) {', 'if (false) {']],
        tests: [edge('options.test.ts')],
      },
      {
        name: 'what is allowed and weak is not named',
        file: flows('runtime.ts'),
        edits: [['for (const deviation of listDeviations(policy))', 'for (const deviation of [])']],
        tests: [edge('options.test.ts')],
      },
      {
        name: 'our own pages may be listed as exempt from the origin check',
        file: edge('origin/open-origins.ts'),
        edits: [['if (ownRoutes.has(routed)) {', 'if (false) {']],
        tests: [edge('options.test.ts')],
      },
    ],
  },
]
