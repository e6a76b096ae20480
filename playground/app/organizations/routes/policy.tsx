import { data } from 'react-router'
import type { FormReply } from '@sigra/remix/conform'
import type { PolicyHit, PolicyMethod } from '@sigra/remix/organizations'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { SelectField } from '~/organizations/components/select-field'
import { Shown } from '~/organizations/components/shown'
import { organizations, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { type PolicyFields, PolicySchema } from '~/organizations/schemas'
import { words } from '~/organizations/words'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/policy'

export async function loader(args: Route.LoaderArgs) {
  const scope = await requireMember(args, 'organization:policy')
  const { email } = await requireSudo(args) // here already, so that no form is lost by it
  const policy = await organizations.getOrganizationPolicy(args)
  const from = policy.secondFactorFrom
  return {
    email,
    page: pageOf(scope),
    policy,
    noticeUntil: from !== null && from.getTime() > Date.now() ? from : null,
    methods: organizations.policyMethods,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  const { organization } = await requireMember(args, 'organization:policy')
  await requireSudo(args)
  const form = await parseForm(args, PolicySchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const policy = readPolicy(form.value)
  if (form.value.intent === 'check') {
    const result = await organizations.listPolicyHits(args, policy)
    return result.ok ? { form: form.reply(), hits: result.hits } : refuse(form, result)
  }
  const { shown } = form.value
  const result = await organizations.updateOrganizationPolicy(args, { ...policy, shown })
  if (!result.ok) return refuse(form, result)
  return sigra.redirect(args, pathIn(organization.slug, '/policy'), { flash: 'organization-policy-changed' })
}

function readPolicy(value: PolicyFields) {
  const methods = organizations.policyMethods.filter((method) => value[`by-${method}`])
  return {
    secondFactorInDays: value.secondFactorInDays ?? null,
    maxSessionMinutes: value.maxSessionMinutes ?? null,
    allowedMethods: methods.length > 0 ? methods : null,
  }
}

export const meta: Route.MetaFunction = () => [{ title: words.policy.title }]

export default function Policy({ actionData, loaderData }: Route.ComponentProps) {
  const { email, page, policy, noticeUntil, methods, notice } = loaderData
  const form = actionData?.form
  const hits = actionData && 'hits' in actionData ? actionData.hits : null
  const { maxSessionMinutes } = policy
  return (
    <OrganizationPage
      title={words.policy.title}
      intro={page.organization.name}
      email={email}
      page={page}
      notice={form ? null : notice}
    >
      <p>{words.policy.text}</p>
      <Form method="post" className="form">
        <Shown organization={page.organization} />
        <FormAlert form={form} />
        <SelectField
          name="secondFactorInDays"
          label={words.policy.secondFactor}
          options={secondFactorOptions(policy.secondFactorFrom !== null, noticeUntil)}
          defaultValue={
            form?.initialValue['secondFactorInDays'] ??
            (noticeUntil ? LONGEST : policy.secondFactorFrom ? NOW : NEVER)
          }
        />
        <SelectField
          name="maxSessionMinutes"
          label={words.policy.session}
          options={sessionOptions(maxSessionMinutes)}
          defaultValue={form?.initialValue['maxSessionMinutes'] ?? String(maxSessionMinutes ?? NEVER)}
        />
        <Methods form={form} methods={methods} allowed={policy.allowedMethods} />
        {hits && <Hits hits={hits} />}
        <div className="actions">
          <Submit intent="save">{words.policy.save}</Submit>
          <Submit intent="check" className="button button-quiet">
            {words.policy.check}
          </Submit>
        </div>
      </Form>
    </OrganizationPage>
  )
}

const NEVER = ''
const NOW = '0'
const LONGEST = '30'
const NOTICE_DAYS = ['7', '14', LONGEST]
const SESSION_MINUTES = [60, 480, 1440, 10_080, 43_200]

function secondFactorOptions(isAsked: boolean, noticeUntil: Date | null) {
  const { never, now, from, inDays } = words.policy
  return [
    [NEVER, never] as const,
    // A notice that runs is not made longer: the longest one leaves it as it is.
    ...(noticeUntil ? [[LONGEST, from(noticeUntil)] as const] : []),
    [NOW, now] as const,
    ...(isAsked ? [] : NOTICE_DAYS.map((days) => [days, inDays(days)] as const)),
  ]
}

function sessionOptions(present: number | null) {
  const { never, minutes } = words.policy
  const [shorter, longer] = [
    SESSION_MINUTES.filter((each) => present === null || each < present),
    SESSION_MINUTES.filter((each) => present !== null && each > present),
  ]
  const lengths = [...shorter, ...(present === null ? [] : [present]), ...longer]
  return [[NEVER, never] as const, ...lengths.map((each) => [String(each), minutes(each)] as const)]
}

interface MethodsProps {
  form: FormReply | undefined
  methods: readonly PolicyMethod[]
  allowed: readonly PolicyMethod[] | null
}

function Methods({ form, methods, allowed }: MethodsProps) {
  const isChecked = (method: PolicyMethod) =>
    form ? form.initialValue[`by-${method}`] !== undefined : allowed?.includes(method) === true
  return (
    <fieldset className="checks">
      <legend>{words.policy.methods}</legend>
      {methods.map((method) => (
        <label key={method} className="check">
          <input type="checkbox" name={`by-${method}`} defaultChecked={isChecked(method)} />{' '}
          {words.policy.methodNames[method]}
        </label>
      ))}
      <p className="field-hint">{words.policy.methodsHint}</p>
    </fieldset>
  )
}

/** Whom it would keep out. */
function Hits({ hits }: { hits: readonly PolicyHit[] }) {
  if (hits.length === 0) return <output className="notice">{words.policy.nobodyHit}</output>
  return (
    <div className="alert" role="alert">
      <p>{words.policy.hit}</p>
      <ul>
        {hits.map(({ userId, email, lacks }) => (
          <li key={userId}>{`${email}: ${lacks.map((each) => words.policy.lacks[each]).join(', ')}`}</li>
        ))}
      </ul>
    </div>
  )
}
