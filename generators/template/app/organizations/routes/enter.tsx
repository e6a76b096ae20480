// sigra:file organizations
import { data, Link } from 'react-router'
import type { PolicyMethod } from '@sigra/remix/organizations'
import { accounts } from '~/accounts/accounts.server'
import { AskFirst } from '~/accounts/components/ask-first'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { Leave } from '~/organizations/components/leave'
import { Shown } from '~/organizations/components/shown'
import { organizations } from '~/organizations/organizations.server'
import { organizationPaths, pathIn } from '~/organizations/paths'
import { EnterSchema } from '~/organizations/schemas'
import { words } from '~/organizations/words'
import { paths } from '~/paths'
import { parseForm, requireSudo, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/enter'

export async function loader(args: Route.LoaderArgs) {
  await requireUser(args)
  const entrance = await organizations.getOrganizationEntrance(args)
  const [policy, second] = await Promise.all([
    organizations.getOrganizationPolicy(args),
    accounts.getUserSecondFactorState(args),
  ])
  return {
    ...entrance,
    allowedMethods: policy.allowedMethods ?? [],
    hasSecondStep: second?.isActive === true,
  }
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const { organization } = await organizations.getOrganizationEntrance(args)
  const form = await parseForm(args, EnterSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { intent, shown } = form.value
  if (intent === 'log-in') return organizations.logInAgain(args)
  if (intent === 'leave') {
    const result = await organizations.leaveOrganization(args, { shown })
    if (!result.ok) return refuse(form, result)
    return sigra.redirect(args, organizationPaths.list, { flash: ['organization-left', organization.name] })
  }
  await requireSudo(args)
  const nothing = { secondFactorInDays: null, allowedMethods: null, maxSessionMinutes: null }
  const result = await organizations.updateOrganizationPolicy(args, { ...nothing, shown })
  if (!result.ok) return refuse(form, result)
  return sigra.redirect(args, pathIn(organization.slug), { flash: 'organization-policy-changed' })
}

export const meta: Route.MetaFunction = () => [{ title: words.enter.title }]

export default function Enter({ actionData, loaderData }: Route.ComponentProps) {
  const { organization, unmet, allowedMethods, mayChangePolicy, hasSecondStep } = loaderData
  // A browser that is trusted logs in without the second step: it is asked for by itself.
  const isSecondStepOffered =
    unmet.includes('second-factor') ||
    (unmet.includes('method') && hasSecondStep && allowedMethods.some(isOfSecondStep))
  const needsLogIn = unmet.includes('method') || unmet.includes('reauthenticate')
  return (
    <EntryPage
      title={words.enter.titleOf(organization.name)}
      intro={words.enter.intro}
      footer={
        <p>
          <Link to={organizationPaths.list}>{words.enter.others}</Link>
        </p>
      }
    >
      <FormAlert form={actionData?.form} />
      <ul>
        {unmet.map((each) => (
          <li key={each}>
            {words.enter.unmet[each](allowedMethods.map((method) => words.policy.methodNames[method]))}
          </li>
        ))}
      </ul>
      {isSecondStepOffered && (
        <Link className="button" to={hasSecondStep ? loaderData.secondFactorPath : paths.settingsMfa}>
          {hasSecondStep ? words.enter.secondStep : words.enter.setUp}
        </Link>
      )}
      {needsLogIn && (
        <Form method="post" className="form" reloadDocument>
          <Submit intent="log-in" className={isSecondStepOffered ? 'button button-quiet' : 'button'}>
            {words.enter.again}
          </Submit>
        </Form>
      )}
      {unmet.includes('method') && <Link to={paths.settingsSecurity}>{words.enter.otherWay}</Link>}
      <div className="form">
        {mayChangePolicy && (
          <AskFirst label={words.enter.turnOff} question={words.enter.turnOffQuestion}>
            <Form method="post">
              <Shown organization={organization} />
              <Submit intent="turn-off" className="button button-danger">
                {words.enter.turnOffYes}
              </Submit>
            </Form>
          </AskFirst>
        )}
        {!organization.isPersonal && <Leave organization={organization} />}
      </div>
    </EntryPage>
  )
}

function isOfSecondStep(method: PolicyMethod): boolean {
  return method === 'otp' || method === 'pop' || method === 'user'
}
