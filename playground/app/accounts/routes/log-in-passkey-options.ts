import { answerOptions } from '~/accounts/answer-passkey.server'
import { createPasskeyLogIn } from '~/accounts/passkeys.server'
import type { Route } from './+types/log-in-passkey-options'

/** For the script of the log-in page; asked for by everybody alike. */
export async function action(args: Route.ActionArgs) {
  return answerOptions(args, await createPasskeyLogIn(args))
}
