import { answerOptions } from '~/accounts/answer-passkey.server'
import { createPasskeyEnrolment } from '~/accounts/passkeys.server'
import type { Route } from './+types/passkeys-options'

/** For the script of the settings. Needs a fresh step-up: the page is sent there without one. */
export async function action(args: Route.ActionArgs) {
  return answerOptions(args, await createPasskeyEnrolment(args))
}
