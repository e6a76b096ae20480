import { refusalInit } from '@sigra/remix'
import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { loadEach } from '~/accounts/load-each.server'
import { MfaSchema } from '~/accounts/schemas'
import type { SecondStep } from '~/accounts/second-steps'
import { paths } from '~/paths'
import { secondSteps, type SecondStepId } from '~/second-steps'
import { secondStepLoads } from '~/second-steps.server'
import { parseForm, requirePending, sigra } from '~/sigra.server'
import type { Route } from './+types/mfa'

const FEW_CODES = 3

export async function loader(args: Route.LoaderArgs) {
  const user = await requirePending(args, 'second-factor')
  const state = await accounts.getUserSecondFactorState(args)
  return {
    email: user.email,
    steps: state ? await loadEach(secondStepLoads, ({ ask }) => ask(state)) : {},
    redirectTo: args.url.searchParams.get('redirectTo'),
    trustDays: state?.trustDays ?? null,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requirePending(args, 'second-factor')
  const form = await parseForm(args, MfaSchema)
  if (!form.ok) return data({ form: form.reply(), step: APP }, { status: 400 })

  const step = form.value.backupCode === undefined ? APP : BACKUP
  const redirectTo = args.url.searchParams.get('redirectTo')
  const result = await accounts.verifyUserSecondFactor(args, { ...form.value, redirectTo })
  if (result.ok) {
    if (result.backupCodesLeft <= FEW_CODES)
      sigra.flash.set(args, ['codes-left', String(result.backupCodesLeft)])
    return result.redirect() // to a checked redirectTo, or to what the door asks for next
  }
  switch (result.reason) {
    case 'session-ended':
      return sigra.redirect(args, paths.logIn, { flash: 'sign-in-ended' })
    case 'disabled':
      return sigra.redirect(args, paths.logIn, { flash: 'disabled' })
    case 'wrong-code':
    case 'already-used': {
      const problem = step === BACKUP ? problems[BACKUP] : problems[result.reason]
      return data({ form: form.reply(problem), step }, { status: 400 })
    }
    case 'blocked':
      return data({ form: form.reply(BLOCKED), step }, { status: 400 })
    default:
      return data({ form: form.reply(result), step }, refusalInit(result))
  }
}

const APP = 'authenticator-app' satisfies SecondStepId
const BACKUP = 'backup-code' satisfies SecondStepId

const problems = {
  'wrong-code': { code: ['That code is wrong. It changes every 30 seconds: type the one you see now.'] },
  'already-used': { code: ['That code was used already. Wait for the next one.'] },
  // Wrong and used look alike: a code on a lost sheet of paper should not tell which it is.
  [BACKUP]: { backupCode: ['That backup code is wrong or was used already.'] },
}
const BLOCKED =
  'Codes are turned off for this account after too many wrong ones. Use another way, or contact support.'

export const meta: Route.MetaFunction = () => [{ title: 'One more step' }]

export default function Mfa({ actionData, loaderData }: Route.ComponentProps) {
  const { email, steps, redirectTo, trustDays, notice } = loaderData
  const form = actionData?.form
  const shown = Object.entries<SecondStep>(secondSteps).filter(([id]) => steps[id])
  const [answered] = shown.find(([id]) => id === actionData?.step) ?? shown[0] ?? []
  const trust = trustDays !== null && (
    <label className="check">
      <input type="checkbox" name="trustBrowser" /> Do not ask again in this browser for {trustDays} days
    </label>
  )
  return (
    <EntryPage
      title="One more step"
      intro={`Your first step was right. Now show that you are ${email}.`}
      notice={form ? null : notice}
      footer={
        <Form method="post" action={paths.logOut} reloadDocument>
          <button className="button-link">Cancel and log out</button>
        </Form>
      }
    >
      {shown.map(([id, { Ask }], index) => (
        <Ask
          key={id}
          form={id === answered ? form : undefined}
          {...{ trust, redirectTo }}
          isFirst={index === 0}
        />
      ))}
    </EntryPage>
  )
}
