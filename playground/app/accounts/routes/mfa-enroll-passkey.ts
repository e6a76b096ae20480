import { answerPasskey } from '~/accounts/answer-passkey.server'
import { addUserPasskey } from '~/accounts/passkeys.server'
import { PasskeyAnswerSchema } from '~/accounts/schemas'
import { parseJson } from '~/sigra.server'
import type { Route } from './+types/mfa-enroll-passkey'

/** Adds a passkey, and lets the sign-in go on that waited for it. */
export async function action(args: Route.ActionArgs) {
  const body = await parseJson(args, PasskeyAnswerSchema)
  return answerPasskey(args, body.ok ? await addUserPasskey(args, body.value) : body)
}
