// Whom a provider says it is.

import type { Control } from './control.ts'
import { core } from './rooms.ts'

const exchange = [core('oauth/oidc.test.ts')]
const bounds = [core('oauth/bounded-fetch.test.ts')]

export const byProviders: readonly Control[] = [
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
