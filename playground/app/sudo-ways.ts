import { authenticatorApp, mailedCode, password, recovery, type SudoWay } from './accounts/sudo-ways'
import { passkey } from './passkeys/sudo-way'

/** The ways to confirm who you are, in the order of the page. Their loads stand in `sudo-ways.server.ts`. */
export const sudoWays = [
  password,
  authenticatorApp,
  passkey,
  mailedCode,
  recovery,
] as const satisfies readonly SudoWay[]

export type SudoWayId = (typeof sudoWays)[number]['id']
