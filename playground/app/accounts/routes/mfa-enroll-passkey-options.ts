import { answerOptions } from '~/accounts/answer-passkey.server'
import { createPasskeyEnrolment } from '~/accounts/passkeys.server'
import type { Route } from './+types/mfa-enroll-passkey-options'

/** For a sign-in that waits for a second factor to be set up. */
export async function action(args: Route.ActionArgs) {
  return answerOptions(args, await createPasskeyEnrolment(args))
}
