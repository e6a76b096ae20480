import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ChangeEmailContinueSchema } from '~/accounts/schemas'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/change-email-continue'

const { title, invalid: INVALID } = words.changeEmail
const { outdated: OUT_OF_DATE } = words.linkProblem

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'change-email')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })
  const page = await accounts.getUserByUpdateEmailToken(args, flow.token)
  if (!page) return data({ problem: INVALID }, { status: 400 })
  return { f: flow.f, ...page, here: args.url.pathname + args.url.search }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ChangeEmailContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })
  const flow = await sigra.readMailFlow(args, 'change-email', form.value.f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })
  const { token } = flow

  if (form.value.intent === 'approve') {
    const result = await accounts.approveUserEmailChange(args, { token })
    if (!result.ok && result.reason === 'limited') return refuse(form, result)
    if (!result.ok) return data({ form: form.reply({ f: [INVALID] }) }, { status: 400 })
    await sigra.endMailFlow(args, flow.f)
    return null // the page is asked for anew, and says what the link has done
  }
  // A stranger's link does nothing, whoever opens it: only the account it is for can use it.
  await requireUser(args)
  const result = await accounts.updateUserEmail(args, { token })
  if (!result.ok && result.reason === 'invalid')
    return data({ form: form.reply({ f: [INVALID] }) }, { status: 400 })
  if (!result.ok) return refuse(form, result)
  await sigra.endMailFlow(args, flow.f)
  return sigra.redirect(args, paths.settings, { flash: 'email-changed' })
}

export const meta: Route.MetaFunction = () => [{ title }]

export default function ChangeEmailContinue({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: paths.settingsEmail, label: words.changeEmail.askAgain }}
      />
    )
  }

  const { f, step, email, here } = loaderData
  const { intro, button } = words.changeEmail[step]
  return (
    <EntryPage title={title} intro={intro(email)}>
      {step === 'confirm' || step === 'approve' ? (
        <Form method="post" className="form">
          <FormAlert form={form} />
          <input type="hidden" name="f" value={f} />
          <Submit intent={step}>{button}</Submit>
        </Form>
      ) : (
        <Link className="button" to={whereTo(step, here)}>
          {button}
        </Link>
      )}
    </EntryPage>
  )
}

function whereTo(step: 'log-in' | 'other-account' | 'approved' | 'done', here: string): string {
  if (step === 'log-in') return withRedirectTo(paths.logIn, here)
  return step === 'other-account' ? paths.logOut : paths.settings
}
