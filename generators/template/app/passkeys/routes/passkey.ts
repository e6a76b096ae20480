// sigra:file passkeys
import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { PasskeySchema } from '~/passkeys/schemas'
import { paths } from '~/paths'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/passkey'

const PAGE = paths.settingsMfa

/** There is no page of one passkey: whoever comes here by the way back of the step-up belongs to the list. */
export async function loader(args: Route.LoaderArgs) {
  await requireSudo(args)
  return sigra.redirect(args, PAGE)
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, PasskeySchema)
  if (!form.ok) throw data(null, { status: 400 })

  const { passkeyId } = args.params
  if (form.value.intent === 'rename') {
    const { nickname } = form.value
    const result = await accounts.renameUserPasskey(args, { passkeyId, nickname })
    if (result.ok) return sigra.redirect(args, PAGE, { flash: 'passkey-renamed' })
    if (result.reason === 'unknown') throw data(null, { status: 404 }) // somebody else's are none of yours
    if (result.reason === 'limited') return sigra.redirect(args, PAGE, { flash: 'passkey-too-soon' })
    return sigra.redirect(args, PAGE, { flash: 'passkey-bad-name' })
  }

  const result = await accounts.removeUserPasskey(args, { passkeyId })
  if (result.ok) {
    return sigra.redirect(args, PAGE, { flash: 'passkey-removed' })
  }
  if (result.reason === 'unknown') throw data(null, { status: 404 })
  if (result.reason === 'limited') return sigra.redirect(args, PAGE, { flash: 'passkey-too-soon' })
  return sigra.redirect(args, PAGE, { flash: 'passkey-only-way' })
}
