import { answerOptions } from '~/accounts/answer-passkey.server'
import { createPasskeySudo } from '~/accounts/passkeys.server'
import type { Route } from './+types/sudo-passkey-options'

/** For the script of the step-up page. */
export async function action(args: Route.ActionArgs) {
  return answerOptions(args, await createPasskeySudo(args))
}
