// sigra:file organizations
import { data } from 'react-router'
import type { OrganizationDomain } from '@sigra/remix/organizations'
import { AskFirst } from '~/accounts/components/ask-first'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { hidden } from '~/accounts/hidden'
import { refuse } from '~/accounts/refuse.server'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { SelectField } from '~/organizations/components/select-field'
import { Shown } from '~/organizations/components/shown'
import { organizations, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { DomainsSchema } from '~/organizations/schemas'
import { words } from '~/organizations/words'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/domains'

export async function loader(args: Route.LoaderArgs) {
  const scope = await requireMember(args, 'domains:manage')
  const { email } = await requireSudo(args) // here already, so that no form is lost by it
  return {
    email,
    page: pageOf(scope),
    ...(await organizations.listDomains(args)),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  const { organization } = await requireMember(args, 'domains:manage')
  await requireSudo(args)
  const form = await parseForm(args, DomainsSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { value } = form
  const here = pathIn(organization.slug, '/domains')
  if (value.intent === 'add') {
    const result = await organizations.addDomain(args, value)
    if (result.ok) return sigra.redirect(args, here, { flash: 'domain-added' })
    const isOfField = result.reason === 'bad-domain' || result.reason === 'public-domain'
    return refuse(form, isOfField ? { ...result, errors: { domain: [result] } } : result)
  }
  if (value.intent === 'check') {
    const result = await organizations.checkDomain(args, value)
    return sigra.redirect(args, here, { flash: result.ok ? 'domain-asked' : refusals[result.reason] })
  }
  const result = await organizations.removeDomain(args, value)
  return sigra.redirect(args, here, { flash: result.ok ? 'domain-removed' : refusals[result.reason] })
}

const refusals = { 'unknown-domain': 'domain-gone', limited: 'organization-too-soon' } as const

export const meta: Route.MetaFunction = () => [{ title: words.domains.title }]

const { offer, auto } = words.domains.modes
const modes = [['offer', offer] as const, ['auto', auto] as const]

export default function Domains({ actionData, loaderData }: Route.ComponentProps) {
  const { email, page, domains, isFull, notice } = loaderData
  const form = actionData?.form
  return (
    <OrganizationPage
      title={words.domains.title}
      intro={page.organization.name}
      email={email}
      page={page}
      notice={form ? null : notice}
    >
      <p>{words.domains.text}</p>
      {isFull && (
        <p className="alert" role="alert">
          {words.domains.full}
        </p>
      )}
      <ul className="cards">
        {domains.map((domain) => (
          <li key={domain.id} className="card">
            <Domain domain={domain} organization={page.organization} />
          </li>
        ))}
      </ul>
      {/* What was added is gone from it. */}
      <section key={domains.length} className="panel" aria-labelledby="add">
        <h2 id="add">{words.domains.add}</h2>
        <Form method="post" className="form">
          <Shown organization={page.organization} />
          <FormAlert form={form} />
          <Field
            form={form}
            name="domain"
            label={words.domains.domain}
            hint={words.domains.domainHint}
            autoCapitalize="none"
            spellCheck={false}
            required
          />
          <SelectField
            name="mode"
            label={words.domains.mode}
            options={modes}
            defaultValue={form?.initialValue['mode'] ?? 'offer'}
          />
          <Submit intent="add">{words.domains.addButton}</Submit>
        </Form>
      </section>
    </OrganizationPage>
  )
}

interface DomainProps {
  domain: OrganizationDomain
  organization: { id: string }
}

function Domain({ domain: each, organization }: DomainProps) {
  const { id, domain, mode, record, verifiedAt } = each
  const named = (
    <>
      <Shown organization={organization} />
      <input type="hidden" name="domainId" value={id} />
    </>
  )
  return (
    <>
      <div>
        <h2>
          {domain} {verifiedAt === null && <span className="badge badge-off">{words.domains.waiting}</span>}
        </h2>
        <p className="soft">{stateOf(each)}</p>
        {verifiedAt === null && !each.isTaken && <p className="soft">{words.domains.ask}</p>}
        <dl className="facts">
          <div>
            <dt>{words.domains.recordName}</dt>
            <dd>
              <code>{record.name}</code>
            </dd>
          </div>
          <div>
            <dt>{words.domains.recordValue}</dt>
            <dd>
              <code>{record.value}</code>
            </dd>
          </div>
        </dl>
      </div>
      {verifiedAt === null && (
        <Form method="post">
          {named}
          <button className="button button-quiet" name="intent" value="check">
            {words.domains.check(hidden, domain)}
          </button>
        </Form>
      )}
      <details className="choice">
        <summary>{words.domains.change(hidden, domain)}</summary>
        <Form method="post" className="form">
          <Shown organization={organization} />
          <input type="hidden" name="domain" value={domain} />
          <SelectField name="mode" label={words.domains.mode} options={modes} defaultValue={mode} />
          <button className="button button-quiet" name="intent" value="add">
            {words.domains.save(hidden, domain)}
          </button>
        </Form>
        <AskFirst
          label={words.domains.remove(hidden, domain)}
          question={words.domains.removeQuestion(domain)}
        >
          <Form method="post">
            {named}
            <button className="button button-danger" name="intent" value="remove">
              {words.domains.removeYes(hidden, domain)}
            </button>
          </Form>
        </AskFirst>
      </details>
    </>
  )
}

function stateOf({ verifiedAt, isMissing, isTaken }: OrganizationDomain): string {
  const { since, goneMissing, taken, missing, notAsked } = words.domains
  if (verifiedAt !== null) return isMissing ? `${since(verifiedAt)} ${goneMissing}` : since(verifiedAt)
  if (isTaken) return taken
  return isMissing ? missing : notAsked
}
