import { answerOptions } from '~/accounts/answer-passkey.server'
import { createPasskeySecondFactor } from '~/accounts/passkeys.server'
import type { Route } from './+types/mfa-passkey-options'

/** For the script of the second step. Only a sign-in that waits for it gets any. */
export async function action(args: Route.ActionArgs) {
  return answerOptions(args, await createPasskeySecondFactor(args))
}
