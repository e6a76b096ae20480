import { refusalInit } from '@sigra/remix'
import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { loadEach } from '~/accounts/load-each.server'
import { MfaSchema } from '~/accounts/schemas'
import type { SecondStep } from '~/accounts/second-steps'
import { words } from '~/accounts/words'
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
      const problem = step === BACKUP ? { backupCode: [words.mfa.wrongBackupCode] } : { code: [result] }
      return data({ form: form.reply(problem), step }, { status: 400 })
    }
    default:
      return data({ form: form.reply(result), step }, refusalInit(result))
  }
}

const APP = 'authenticator-app' satisfies SecondStepId
const BACKUP = 'backup-code' satisfies SecondStepId

export const meta: Route.MetaFunction = () => [{ title: words.mfa.title }]

export default function Mfa({ actionData, loaderData }: Route.ComponentProps) {
  const { email, steps, redirectTo, trustDays, notice } = loaderData
  const form = actionData?.form
  const shown = Object.entries<SecondStep>(secondSteps).filter(([id]) => steps[id])
  const [answered] = shown.find(([id]) => id === actionData?.step) ?? shown[0] ?? []
  const trust = trustDays !== null && (
    <label className="check">
      <input type="checkbox" name="trustBrowser" /> {words.fields.trustBrowser(trustDays)}
    </label>
  )
  return (
    <EntryPage
      title={words.mfa.title}
      intro={words.mfa.intro(email)}
      notice={form ? null : notice}
      footer={
        <Form method="post" action={paths.logOut} reloadDocument>
          <button className="button-link">{words.mfa.cancel}</button>
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
