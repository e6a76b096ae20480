import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AccountName } from '~/accounts/components/account-name'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { NewPasswordFields } from '~/accounts/components/new-password-fields'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ResetPasswordContinueSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/reset-password-continue'

const { title, invalid: INVALID } = words.resetPasswordContinue
const { outdated: OUT_OF_DATE } = words.linkProblem

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'reset-password')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })

  const user = await accounts.getUserByResetPasswordToken(args, flow.token)
  if (!user) return data({ problem: INVALID }, { status: 400 })
  return { f: flow.f, ...user, minLength: sigra.policy.password.minLength }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ResetPasswordContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const flow = await sigra.readMailFlow(args, 'reset-password', form.value.f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })

  const result = await accounts.resetUserPassword(args, { token: flow.token, password: form.value.password })
  if (!result.ok && result.reason === 'invalid-token') {
    return data({ form: form.reply({ f: [INVALID] }) }, { status: 400 })
  }
  if (!result.ok) return refuse(form, result)

  await sigra.endMailFlow(args, flow.f)
  // Nobody is signed in by a reset; somebody else who is signed in here stays so.
  // sigra:if app=existing
  // sigra:+ const path = (await getUser(args)) ? paths.sessions : paths.logIn
  // sigra:else
  const path = (await getUser(args)) ? '/' : paths.logIn
  // sigra:end
  return sigra.redirect(args, path, { flash: 'password-reset' })
}

export const meta: Route.MetaFunction = () => [{ title }]

export default function ResetPasswordContinue({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: paths.resetPassword, label: words.resetPasswordContinue.askAgain }}
      />
    )
  }

  return (
    <EntryPage title={title} intro={words.resetPasswordContinue.intro(loaderData.maskedEmail)}>
      <Form method="post" className="form">
        <FormAlert form={form} />
        <input type="hidden" name="f" value={loaderData.f} />
        <AccountName email={loaderData.email ?? loaderData.maskedEmail} />
        <NewPasswordFields form={form} minLength={loaderData.minLength} />
        <Submit>{words.resetPasswordContinue.button}</Submit>
      </Form>
    </EntryPage>
  )
}
