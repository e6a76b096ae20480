import { magicLink, password, type SignInWay } from './accounts/sign-in-ways'
import { passkey } from './passkeys/sign-in-way'

/** The ways to log in, in the order of the page. What each asks of the server stands in `sign-in-ways.server.ts`. */
export const signInWays = {
  password,
  'magic-link': magicLink,
  passkey,
} satisfies Record<string, SignInWay>

export type SignInWayId = keyof typeof signInWays
