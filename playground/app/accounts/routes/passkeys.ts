import { answerPasskey } from '~/accounts/answer-passkey.server'
import { addUserPasskey } from '~/accounts/passkeys.server'
import { PasskeyAnswerSchema } from '~/accounts/schemas'
import { parseJson, sigra } from '~/sigra.server'
import type { Route } from './+types/passkeys'

/** Adds a passkey. */
export async function action(args: Route.ActionArgs) {
  const body = await parseJson(args, PasskeyAnswerSchema)
  if (!body.ok) return answerPasskey(args, body)
  const result = await addUserPasskey(args, { ...body.value, redirectTo: '/users/settings/mfa' })
  if (result.ok) sigra.flash.set(args, `“${result.nickname}” is added. You can log in with it now.`)
  return answerPasskey(args, result)
}
