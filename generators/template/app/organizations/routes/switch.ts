// sigra:file organizations
import { data } from 'react-router'
import { organizations } from '~/organizations/organizations.server'
import { organizationPaths, pathIn } from '~/organizations/paths'
import { SwitchSchema } from '~/organizations/schemas'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/switch'

/** Whoever is sent back here after logging in chooses again. */
export async function loader(args: Route.LoaderArgs) {
  await requireUser(args)
  return sigra.redirect(args, organizationPaths.list)
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const form = await parseForm(args, SwitchSchema)
  if (!form.ok) throw data(null, { status: 400 })

  const { slug, redirectTo } = form.value
  const result = await organizations.switchOrganization(args, { slug })
  if (!result.ok) return sigra.redirect(args, organizationPaths.list, { flash: 'organization-too-soon' })
  return sigra.redirect(args, redirectTo ?? pathIn(result.slug))
}
