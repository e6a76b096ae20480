// sigra:file organizations
import { data, Link } from 'react-router'
import type { FormReply } from '@sigra/remix/conform'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { DeleteOrganization } from '~/organizations/components/delete-organization'
import { Leave } from '~/organizations/components/leave'
import { OpenTransfer } from '~/organizations/components/open-transfer'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { Shown } from '~/organizations/components/shown'
import { can, organizations, requireOrganization } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { organizationPaths, pathIn } from '~/organizations/paths'
import { OrganizationSettingsSchema } from '~/organizations/schemas'
import { words } from '~/organizations/words'
import { parseForm, requireSudo, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/settings'

const DAY_MILLISECONDS = 86_400_000

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireOrganization(args)
  const { formerSlugDays, deletionDays } = organizations.policy
  return {
    email,
    page: pageOf(scope),
    mayUpdate: can(scope, 'organization:update'),
    mayTransfer: can(scope, 'organization:transfer') && !scope.organization.isPersonal,
    transfer: can(scope, 'members:read') ? await organizations.getOrganizationTransfer(args) : null,
    mayDelete: can(scope, 'organization:delete') && !scope.organization.isPersonal,
    formerSlugDays,
    restorableUntil: new Date(Date.now() + deletionDays * DAY_MILLISECONDS),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  const { organization } = await requireOrganization(args)
  const form = await parseForm(args, OrganizationSettingsSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  // Whether their role allows it is asked where it is done, by the role that they have then.
  const { value } = form
  switch (value.intent) {
    case 'rename': {
      const result = await organizations.renameOrganization(args, value)
      if (result.ok) return here(args, organization.slug, 'organization-renamed')
      return refuse(form, result.reason === 'bad-name' ? { ...result, errors: { name: [result] } } : result)
    }
    case 'change-slug': {
      await requireSudo(args) // every address of its pages changes
      const result = await organizations.changeOrganizationSlug(args, value)
      if (result.ok) return here(args, result.slug, 'organization-slug-changed')
      return refuse(form, result.reason === 'limited' ? result : { ...result, errors: { slug: [result] } })
    }
    case 'delete': {
      await requireSudo(args) // an open screen that was forgotten must not be enough
      const result = await organizations.scheduleOrganizationDeletion(args, value)
      if (result.ok)
        return sigra.redirect(args, organizationPaths.list, {
          flash: ['organization-deleted', organization.name],
        })
      const isOfField = result.reason === 'not-the-slug'
      return refuse(form, isOfField ? { ...result, errors: { confirmation: [result] } } : result)
    }
    default: {
      const result = await organizations.leaveOrganization(args, value)
      if (!result.ok) return refuse(form, result)
      return sigra.redirect(args, organizationPaths.list, { flash: ['organization-left', organization.name] })
    }
  }
}

function here(
  args: Route.ActionArgs,
  slug: string,
  flash: 'organization-renamed' | 'organization-slug-changed',
) {
  return sigra.redirect(args, pathIn(slug, '/settings'), { flash })
}

export const meta: Route.MetaFunction = () => [{ title: words.settings.title }]

export default function OrganizationSettings({ actionData, loaderData }: Route.ComponentProps) {
  const {
    email,
    page,
    mayUpdate,
    mayTransfer,
    transfer,
    mayDelete,
    formerSlugDays,
    restorableUntil,
    notice,
  } = loaderData
  const { organization } = page
  const form = actionData?.form
  const of = (intent: string) => formOf(form, intent)
  return (
    <OrganizationPage
      title={words.settings.title}
      intro={organization.name}
      email={email}
      page={page}
      notice={form ? null : notice}
    >
      {transfer && <OpenTransfer transfer={transfer} />}
      {mayUpdate && (
        <>
          <section className="panel" aria-labelledby="name">
            <h2 id="name">{words.settings.name}</h2>
            <Form method="post" className="form">
              <Shown organization={organization} />
              <FormAlert form={of('rename')} />
              <Field
                form={of('rename')}
                name="name"
                label={words.create.name}
                defaultValue={organization.name}
                maxLength={64}
                required
              />
              <Submit intent="rename">{words.settings.rename}</Submit>
            </Form>
          </section>
          <section className="panel" aria-labelledby="slug">
            <h2 id="slug">{words.settings.slug}</h2>
            <p className="soft">{words.settings.slugText(formerSlugDays)}</p>
            <Form method="post" className="form">
              <Shown organization={organization} />
              <FormAlert form={of('change-slug')} />
              <Field
                form={of('change-slug')}
                name="slug"
                label={words.create.slug}
                hint={words.create.slugHint}
                defaultValue={organization.slug}
                maxLength={48}
                autoCapitalize="none"
                spellCheck={false}
                required
              />
              <Submit intent="change-slug" className="button button-quiet">
                {words.settings.changeSlug}
              </Submit>
            </Form>
          </section>
        </>
      )}
      {mayTransfer && !transfer && (
        <section className="section">
          <h2>{words.transfer.title}</h2>
          <p className="soft">{words.transfer.about}</p>
          <div className="actions">
            <Link className="button button-quiet" to={pathIn(organization.slug, '/settings/transfer')}>
              {words.transfer.choose}
            </Link>
          </div>
        </section>
      )}
      {!organization.isPersonal && (
        <section className="section">
          <h2>{words.settings.leave}</h2>
          <p className="soft">{words.settings.leaveText}</p>
          <FormAlert form={of('leave')} />
          <Leave organization={organization} />
        </section>
      )}
      {mayDelete && (
        <DeleteOrganization
          form={of('delete')}
          organization={organization}
          blocker={transfer && words.reasons['transfer-open']({ reason: 'transfer-open', ...transfer })}
          restorableUntil={restorableUntil}
        />
      )}
    </OrganizationPage>
  )
}

/** What the action answered, for the form that was sent. */
function formOf(form: FormReply | undefined, intent: string): FormReply | undefined {
  return form?.initialValue['intent'] === intent ? form : undefined
}
