import { answerPasskey } from '~/accounts/answer-passkey.server'
import { logInUserByPasskey } from '~/accounts/passkeys.server'
import { PasskeyAnswerSchema } from '~/accounts/schemas'
import { parseJson } from '~/sigra.server'
import type { Route } from './+types/log-in-passkey'

/** Signs in by a passkey. */
export async function action(args: Route.ActionArgs) {
  const body = await parseJson(args, PasskeyAnswerSchema)
  return answerPasskey(args, body.ok ? await logInUserByPasskey(args, body.value) : body)
}
