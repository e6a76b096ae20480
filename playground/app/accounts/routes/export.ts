import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { ExportSchema } from '~/accounts/schemas'
import { paths } from '~/paths'
import { parseForm, requireSudo, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/export'

/** Back from “Confirm it’s you”: the file is asked for by the button alone. */
export async function loader(args: Route.LoaderArgs) {
  await requireUser(args)
  return sigra.redirect(args, paths.settingsData)
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, ExportSchema)
  if (!form.ok) return data(null, { status: 400 })

  const result = await accounts.exportUserData(args)
  if (result.ok) return result.download()
  return sigra.redirect(args, paths.settingsData, { flash: 'export-refused' })
}
