import { magicLink, password, type SignInWay } from './accounts/sign-in-ways'
// sigra:if passkeys
import { passkey } from './passkeys/sign-in-way'
// sigra:end

/** The ways to log in, in the order of the page. What each asks of the server stands in `sign-in-ways.server.ts`. */
export const signInWays = {
  password,
  'magic-link': magicLink,
  // sigra:if passkeys
  passkey,
  // sigra:end
} satisfies Record<string, SignInWay>

export type SignInWayId = keyof typeof signInWays
