import { authenticatorApp, mailedCode, password, recovery, type SudoWay } from './accounts/sudo-ways'
import { passkey } from './passkeys/sudo-way'

/** The ways to confirm who you are, in the order of the page. Their loads stand in `sudo-ways.server.ts`. */
export const sudoWays = {
  password,
  'authenticator-app': authenticatorApp,
  passkey,
  'mailed-code': mailedCode,
  recovery,
} satisfies Record<string, SudoWay>

export type SudoWayId = keyof typeof sudoWays
