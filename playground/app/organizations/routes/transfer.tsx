import { data, Link } from 'react-router'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { OpenTransfer } from '~/organizations/components/open-transfer'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { SelectField } from '~/organizations/components/select-field'
import { Shown } from '~/organizations/components/shown'
import { organizations, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { TransferSchema } from '~/organizations/schemas'
import { roleName, words } from '~/organizations/words'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/transfer'

export async function loader(args: Route.LoaderArgs) {
  const scope = await requireMember(args, 'organization:transfer')
  const { email } = await requireSudo(args) // here already, so that no form is lost by it
  const q = args.url.searchParams.get('q') ?? ''
  const { members, after } = await organizations.listMembers(args, { q })
  return {
    email,
    page: pageOf(scope),
    transfer: await organizations.getOrganizationTransfer(args),
    q,
    isSearched: q !== '' || after !== null,
    members: members.filter(({ role }) => role !== 'owner'),
    undoDays: organizations.policy.transferUndoDays,
  }
}

export async function action(args: Route.ActionArgs) {
  const { organization } = await requireMember(args, 'organization:transfer')
  await requireSudo(args)
  const form = await parseForm(args, TransferSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await organizations.transferOrganization(args, form.value)
  if (result.ok)
    return sigra.redirect(args, pathIn(organization.slug, '/settings'), { flash: 'organization-transferred' })
  return refuse(
    form,
    result.reason === 'not-the-slug' ? { ...result, errors: { confirmation: [result] } } : result,
  )
}

export const meta: Route.MetaFunction = () => [{ title: words.transfer.title }]

export default function Transfer({ actionData, loaderData }: Route.ComponentProps) {
  const { email, page, transfer, ...choice } = loaderData
  const { organization } = page
  return (
    <OrganizationPage title={words.transfer.title} intro={organization.name} email={email} page={page}>
      {transfer ? (
        <OpenTransfer transfer={transfer} />
      ) : organization.isPersonal ? (
        <p>{words.reasons.personal}</p>
      ) : (
        <Choice form={actionData?.form} organization={organization} {...choice} />
      )}
    </OrganizationPage>
  )
}

type Data = Route.ComponentProps['loaderData']

interface ChoiceProps extends Pick<Data, 'q' | 'isSearched' | 'members' | 'undoDays'> {
  form: NonNullable<Route.ComponentProps['actionData']>['form'] | undefined
  organization: Data['page']['organization']
}

function Choice({ form, organization, q, isSearched, members, undoDays }: ChoiceProps) {
  const options = members.map(({ id, email, role }) => [id, `${email} · ${roleName(role)}`] as const)
  return (
    <>
      <p>{words.transfer.text(undoDays)}</p>
      {isSearched && (
        <Form method="get" className="form-row">
          <Field form={undefined} name="q" label={words.members.search} defaultValue={q} maxLength={254} />
          <Submit className="button button-quiet">{words.members.find}</Submit>
        </Form>
      )}
      {options.length === 0 ? (
        <p>
          {words.transfer.nobody((text) => (
            <Link to={pathIn(organization.slug, '/members')}>{text}</Link>
          ))}
        </p>
      ) : (
        <Form method="post" className="form">
          <Shown organization={organization} />
          <FormAlert form={form} />
          <SelectField
            name="memberId"
            label={words.transfer.to}
            options={options}
            defaultValue={form?.initialValue['memberId'] ?? options[0]?.[0] ?? ''}
          />
          <Field
            form={form}
            name="confirmation"
            label={words.transfer.confirmation(organization.slug)}
            maxLength={48}
            autoCapitalize="none"
            spellCheck={false}
            autoComplete="off"
            required
          />
          <Submit className="button button-danger">{words.transfer.button}</Submit>
        </Form>
      )}
    </>
  )
}
