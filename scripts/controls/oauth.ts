// Whom a provider says it is.

import type { Control } from './control.ts'
import { core, flows } from './rooms.ts'

const exchange = [core('oauth/oidc.test.ts')]
const logIn = [flows('oauth/provider-log-in.pg.test.ts')]
const attempts = [flows('oauth/provider-attempts.pg.test.ts')]
const bounds = [core('oauth/bounded-fetch.test.ts')]

export const byProviders: readonly Control[] = [
  {
    row: 24,
    control: 'An answer of a provider counts once, in the browser that began, for that provider',
    mutants: [
      {
        name: 'any browser ends an attempt',
        file: flows('oauth/take-attempt.ts'),
        edits: [['a.browser_hash = ${browserHashOf(caller)}', '${browserHashOf(caller)}::bytea is not null']],
        tests: attempts,
      },
      {
        name: 'the answer of one provider ends an attempt at another',
        file: flows('oauth/take-attempt.ts'),
        edits: [['a.provider = ${provider}', '${provider}::text is not null']],
        tests: attempts,
      },
      {
        name: 'an attempt is taken twice',
        file: flows('oauth/take-attempt.ts'),
        edits: [
          [" and a.step = 'started'", ''],
          [', sealed_secrets = null from t', ' from t'],
        ],
        tests: attempts,
      },
      {
        name: 'an attempt lasts for ever',
        file: flows('oauth/take-attempt.ts'),
        edits: [[' and a.expires_at > t.now', '']],
        tests: attempts,
      },
      {
        name: 'an answer may name a parameter twice',
        file: flows('oauth/take-attempt.ts'),
        edits: [['new Set(names).size === names.length', 'names.length > 0']],
        tests: attempts,
      },
      {
        name: 'secrets of one attempt open in another',
        file: flows('oauth/sealed-attempt.ts'),
        edits: [
          ['JSON.stringify([nonce, verifier]), state)', "JSON.stringify([nonce, verifier]), state && '')"],
          ['open(ring, PURPOSE, sealed, state)', "open(ring, PURPOSE, sealed, state && '')"],
        ],
        tests: attempts,
      },
    ],
  },
  {
    row: 24,
    control:
      'Whom a provider names is found by issuer and subject; an equal address joins nobody to an account',
    mutants: [
      {
        name: 'the subject alone says who it is',
        file: flows('oauth/find-identity.ts'),
        edits: [['i.issuer = ${issuer}', '${issuer}::text is not null']],
        tests: logIn,
      },
      {
        name: 'an equal address joins an account in use',
        file: flows('oauth/decide.ts'),
        edits: [['  if (account?.isConfirmed) return', '  if (account?.isConfirmed === null) return']],
        tests: logIn,
      },
      {
        name: 'an address that nobody vouches for counts',
        file: flows('oauth/decide.ts'),
        edits: [['profile.emailVerified ? parseEmail(profile.email) : null', 'parseEmail(profile.email)']],
        tests: logIn,
      },
      {
        name: 'whoever comes by a provider is admitted',
        file: flows('oauth/decide.ts'),
        edits: [["{ way: 'provider', userId: null }", "{ way: 'import', userId: null }"]],
        tests: logIn,
      },
      {
        name: 'what a stranger planted survives',
        file: flows('oauth/decide.ts'),
        edits: [
          [
            '  await confirmFromElsewhere(tx, caller, userId)\n',
            '  await tx.rows(sql`update ${tx.tables.user.name} set confirmed_at = ${tx.now} where id = ${userId}`)\n  void confirmFromElsewhere\n',
          ],
        ],
        tests: logIn,
      },
      {
        name: 'an account that is refused is confirmed all the same',
        file: flows('oauth/decide.ts'),
        edits: [['return result.ok ? result : undo(result)', 'void undo\n  return result']],
        tests: logIn,
      },
      {
        name: 'two first answers at once are not looked at once more',
        file: flows('oauth/decide.ts'),
        edits: [['  if (meanwhile) return', '  if (meanwhile === undefined) return']],
        tests: attempts,
      },
    ],
  },
  {
    row: 24,
    control: 'What a provider says counts where it signed it, for this attempt and this app',
    mutants: [
      {
        name: 'no signature is verified',
        file: core('oauth/oidc.ts'),
        edits: [
          ['  client.enableNonRepudiationChecks(configuration) // without it any signature passes\n', ''],
        ],
        tests: exchange,
      },
      {
        name: 'a token of another attempt is taken',
        file: core('oauth/oidc.ts'),
        edits: [
          ['    expectedNonce: attempt.nonce,\n', ''],
          ['          nonce: attempt.nonce,\n', ''],
        ],
        tests: exchange,
      },
      {
        name: 'an answer to another attempt is taken',
        file: core('oauth/oidc.ts'),
        edits: [['expectedState: attempt.state,', 'expectedState: client.skipStateCheck,']],
        tests: exchange,
      },
      {
        name: 'a provider need not know S256',
        file: core('oauth/oidc.ts'),
        edits: [["!methods.includes('S256')", 'methods.length === 0']],
        tests: exchange,
      },
      {
        name: 'a token for another party is taken',
        file: core('oauth/claims.ts'),
        edits: [['azp !== expected.clientId', "azp === ''"]],
        tests: exchange,
      },
      {
        name: 'an old token is taken',
        file: core('oauth/claims.ts'),
        edits: [['if (!(age <= CLOCK_SECONDS))', 'if (Number.isNaN(age))']],
        tests: exchange,
      },
      {
        name: 'whatever a provider calls verified is',
        file: core('oauth/oidc.ts'),
        edits: [["emailTrust === 'verified-claim' && claims", 'claims']],
        tests: exchange,
      },
      {
        name: 'two factors by a claim that nobody signed',
        file: core('oauth/claims.ts'),
        edits: [
          [
            'const { iss, sub, amr, acr, auth_time: authTime } = claims',
            'const { iss, sub, amr, acr, auth_time: authTime } = { ...claims, ...more }',
          ],
        ],
        tests: exchange,
      },
    ],
  },
  {
    row: 24,
    control: 'The server of a provider is a stranger',
    mutants: [
      {
        name: 'redirects are followed',
        file: core('oauth/bounded-fetch.ts'),
        edits: [["redirect: 'error'", "redirect: 'follow'"]],
        tests: exchange,
      },
      {
        name: 'answers have any length',
        file: core('oauth/bounded-fetch.ts'),
        edits: [['if (length > MAX_BYTES)', 'if (length < 0)']],
        tests: exchange,
      },
      {
        name: 'any number of calls are under way',
        file: core('oauth/bounded-fetch.ts'),
        edits: [['if (inFlight >= MAX_IN_FLIGHT)', 'if (inFlight < 0)']],
        tests: bounds,
      },
      {
        name: 'a private address that is written out is connected to',
        file: core('oauth/bounded-fetch.ts'),
        edits: [['connect: allowPrivateNetwork ? connect : toPublicAddresses(connect)', 'connect']],
        tests: bounds,
      },
      {
        name: 'a private address behind a name is connected to',
        file: core('oauth/bounded-fetch.ts'),
        edits: [
          [
            'buildConnector(allowPrivateNetwork ? {} : { lookup: lookUpPublic })',
            'buildConnector(allowPrivateNetwork ? { lookup: lookUpPublic } : {})',
          ],
        ],
        tests: bounds,
      },
    ],
  },
]
