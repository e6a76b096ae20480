import { Link, data } from 'react-router'
import { SettingsPage } from '~/accounts/components/settings-page'
import { refuse } from '~/accounts/refuse.server'
import { RenamePasskey } from '~/passkeys/components/rename-passkey'
import { passkeys } from '~/passkeys/passkeys.server'
import { PasskeySchema } from '~/passkeys/schemas'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/passkey'

const LIST = paths.settingsMfa

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireSudo(args)
  const all = await passkeys.listUserPasskeys(args)
  const passkey = all.find(({ id }) => id === args.params.passkeyId)
  if (!passkey) throw sigra.redirect(args, LIST) // removed meanwhile, or none of theirs
  return { email, id: passkey.id, nickname: passkey.nickname }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, PasskeySchema)
  if (!form.ok) throw data(null, { status: 400 })

  const { passkeyId } = args.params
  if (form.value.intent === 'rename') {
    const { nickname } = form.value
    const result = await passkeys.renameUserPasskey(args, { passkeyId, nickname })
    if (result.ok) return sigra.redirect(args, LIST, { flash: 'passkey-renamed' })
    if (result.reason === 'unknown') throw data(null, { status: 404 })
    if (result.reason === 'bad-name')
      return data({ form: form.reply({ nickname: [result] }) }, { status: 400 })
    return refuse(form, result)
  }

  const result = await passkeys.removeUserPasskey(args, { passkeyId })
  if (result.ok) return sigra.redirect(args, LIST, { flash: 'passkey-removed' })
  if (result.reason === 'unknown') throw data(null, { status: 404 })
  if (result.reason === 'limited') return sigra.redirect(args, LIST, { flash: 'passkey-too-soon' })
  return sigra.redirect(args, LIST, { flash: 'passkey-only-way' })
}

export const meta: Route.MetaFunction = () => [{ title: words.rename.title }]

/** The list renames in place. This is where a refused name comes back to, beside what is wrong with it. */
export default function Passkey({ actionData, loaderData }: Route.ComponentProps) {
  const { email, id, nickname } = loaderData
  return (
    <SettingsPage title={words.rename.title} intro={nickname} email={email}>
      <section className="panel">
        <RenamePasskey id={id} nickname={nickname} form={actionData?.form} />
        <Link to={LIST}>{words.rename.cancel}</Link>
      </section>
    </SettingsPage>
  )
}
