import { answerPasskey } from '~/accounts/answer-passkey.server'
import { sudoByPasskey } from '~/accounts/passkeys.server'
import { PasskeyAnswerSchema } from '~/accounts/schemas'
import { parseJson } from '~/sigra.server'
import type { Route } from './+types/sudo-passkey'

/** Proves by a passkey who is there. */
export async function action(args: Route.ActionArgs) {
  const body = await parseJson(args, PasskeyAnswerSchema)
  return answerPasskey(args, body.ok ? await sudoByPasskey(args, body.value) : body)
}
