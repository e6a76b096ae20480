import { data } from 'react-router'
import { AppBar } from '~/accounts/components/app-bar'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Notice } from '~/accounts/components/notice'
import { Submit } from '~/accounts/components/submit'
import { hidden } from '~/accounts/hidden'
import { refuse } from '~/accounts/refuse.server'
import type { Flash } from '~/flashes'
import { DomainOffers } from '~/organizations/components/domain-offers'
import { OwnInvitations } from '~/organizations/components/own-invitations'
import { Restorable } from '~/organizations/components/restorable'
import { getOrganization, organizations } from '~/organizations/organizations.server'
import { organizationPaths, pathIn } from '~/organizations/paths'
import { OrganizationsSchema } from '~/organizations/schemas'
import { roleName, words } from '~/organizations/words'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/organizations'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const [mine, invitations, offers, restorable, scope] = await Promise.all([
    organizations.listOrganizations(args),
    organizations.listOwnInvitations(args),
    organizations.listDomainOffers(args),
    organizations.listRestorableOrganizations(args),
    getOrganization(args),
  ])
  return {
    email,
    mine,
    invitations,
    offers,
    restorable,
    currentId: scope?.organization.id,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const form = await parseForm(args, OrganizationsSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { value } = form
  if (value.intent === 'restore') {
    const restored = await organizations.restoreOrganization(args, value)
    if (!restored.ok) return here(args, 'organization-too-soon')
    return sigra.redirect(args, pathIn(restored.slug), { flash: 'organization-restored' })
  }
  if (value.intent === 'accept') {
    const accepted = await organizations.acceptOwnInvitation(args, value)
    if (!accepted.ok) return here(args, refusals[accepted.reason])
    return sigra.redirect(args, pathIn(accepted.slug), { flash: 'invitation-accepted' })
  }
  if (value.intent === 'decline') {
    const declined = await organizations.declineOwnInvitation(args, value)
    return here(args, declined.ok ? 'invitation-declined' : refusals[declined.reason])
  }
  if (value.intent === 'join') {
    const joined = await organizations.joinByDomain(args, value)
    if (!joined.ok) return here(args, refusals[joined.reason])
    return sigra.redirect(args, pathIn(joined.slug), { flash: 'invitation-accepted' })
  }
  const result = await organizations.createOrganization(args, value)
  if (result.ok) return sigra.redirect(args, pathIn(result.slug), { flash: 'organization-created' })
  if (result.reason === 'bad-name') return refuse(form, { ...result, errors: { name: [result] } })
  if (result.reason === 'bad-slug' || result.reason === 'slug-taken')
    return refuse(form, { ...result, errors: { slug: [result] } })
  return refuse(form, result)
}

const refusals = {
  invalid: 'invitation-gone',
  full: 'invitation-full',
  'no-offer': 'offer-gone',
  limited: 'organization-too-soon',
} as const

function here(args: Route.ActionArgs, flash: Flash) {
  return sigra.redirect(args, organizationPaths.list, { flash })
}

export const meta: Route.MetaFunction = () => [{ title: words.list.title }]

export default function Organizations({ actionData, loaderData }: Route.ComponentProps) {
  const { email, mine, invitations, offers, restorable, currentId, notice } = loaderData
  const form = actionData?.form
  return (
    <>
      <AppBar email={email} />
      <main className="page" id="main">
        <div className="settings-body">
          <div className="settings-head">
            <h1>{words.list.title}</h1>
            <p className="soft">{mine.length > 0 ? words.list.intro : words.list.nothing}</p>
          </div>
          <Notice message={form ? null : notice} />
          <ul className="cards">
            {mine.map(({ id, slug, name, isPersonal, role }) => (
              <li key={id} className="card">
                <div>
                  <h2>
                    {name} {id === currentId && <span className="badge">{words.list.current}</span>}
                  </h2>
                  <p className="soft">
                    {isPersonal ? words.list.personal : roleName(role)} · <code>{slug}</code>
                  </p>
                </div>
                <Form method="post" action={organizationPaths.switch}>
                  <input type="hidden" name="slug" value={slug} />
                  <button className="button button-quiet">{words.list.open(hidden, name)}</button>
                </Form>
              </li>
            ))}
          </ul>
          <OwnInvitations invitations={invitations} />
          <DomainOffers offers={offers} />
          <Restorable organizations={restorable} />
          <section className="panel" aria-labelledby="create">
            <h2 id="create">{words.create.title}</h2>
            <Form method="post" className="form">
              <FormAlert form={form} />
              <Field form={form} name="name" label={words.create.name} maxLength={64} required />
              <Field
                form={form}
                name="slug"
                label={words.create.slug}
                hint={words.create.slugHint}
                maxLength={48}
                autoCapitalize="none"
                spellCheck={false}
                required
              />
              <Submit intent="create">{words.create.button}</Submit>
            </Form>
          </section>
        </div>
      </main>
    </>
  )
}
