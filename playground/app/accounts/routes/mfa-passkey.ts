import { answerPasskey } from '~/accounts/answer-passkey.server'
import { verifyUserSecondFactorByPasskey } from '~/accounts/passkeys.server'
import { PasskeyAnswerSchema } from '~/accounts/schemas'
import { parseJson } from '~/sigra.server'
import type { Route } from './+types/mfa-passkey'

/** The second step, by a passkey. */
export async function action(args: Route.ActionArgs) {
  const body = await parseJson(args, PasskeyAnswerSchema)
  return answerPasskey(args, body.ok ? await verifyUserSecondFactorByPasskey(args, body.value) : body)
}
