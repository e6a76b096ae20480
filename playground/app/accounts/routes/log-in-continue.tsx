import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { CodeField } from '~/accounts/components/code-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { LogInContinueSchema } from '~/accounts/schemas'
import { paths } from '~/paths'
import { parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/log-in-continue'

const INVALID = 'Log-in link is invalid or it has expired.'
const OUT_OF_DATE = 'This page is out of date.'
const DISABLED = 'This account is disabled.'

export async function loader(args: Route.LoaderArgs) {
  const notice = await sigra.flash.read(args)
  const email = await sigra.typedEmail.read(args)
  // Without a link, the code is typed here.
  if (email !== undefined || !args.url.searchParams.has('f')) return { notice, email }

  const flow = await sigra.readMailFlow(args, 'magic-link')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })
  const user = await accounts.getUserByMagicLinkToken(args, flow.token)
  if (!user) return data({ problem: INVALID }, { status: 400 })
  return { f: flow.f, ...user }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, LogInContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  if (form.value.intent === 'code') {
    const result = await accounts.logInUserByMagicCode(args, form.value)
    if (result.ok) return land(args, result)
    if (result.reason === 'limited' || result.reason === 'disabled') return refuse(form, result)
    return data({ form: form.reply('Invalid code, or it has expired.') }, { status: 400 })
  }

  const flow = await sigra.readMailFlow(args, 'magic-link', form.value.f)
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })
  const result = await accounts.logInUserByMagicLink(args, { token: flow.token })
  if (!result.ok && result.reason === 'limited') return refuse(form, result)
  await sigra.endMailFlow(args, flow.f)
  if (result.ok) return land(args, result)
  return data({ problem: result.reason === 'disabled' ? DISABLED : INVALID }, { status: 400 })
}

/** To where the person wanted to go, or to the next step the door asks for. */
function land(args: Route.ActionArgs, result: { isPasswordRemoved: boolean; redirect(): Response }) {
  if (result.isPasswordRemoved) sigra.flash.set(args, 'password-removed')
  return result.redirect()
}

export const meta: Route.MetaFunction = () => [{ title: 'Log in by mail' }]

export default function LogInContinue({ actionData, loaderData }: Route.ComponentProps) {
  const shown = actionData && 'problem' in actionData ? actionData : loaderData
  if ('problem' in shown) {
    return (
      <LinkProblem message={shown.problem} askAgain={{ path: paths.logIn, label: 'Ask for a new link' }} />
    )
  }
  const form = actionData && 'form' in actionData ? actionData.form : undefined
  return 'f' in shown ? (
    <EntryPage
      title="Log in"
      intro={
        shown.switchesFrom
          ? `This link is for ${shown.maskedEmail}. You are signed in as ${shown.switchesFrom}: going on switches the account.`
          : `One click, and you are in as ${shown.maskedEmail}.`
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <input type="hidden" name="f" value={shown.f} />
        <Submit intent="link">{shown.switchesFrom ? 'Switch the account' : 'Log in'}</Submit>
      </Form>
    </EntryPage>
  ) : (
    <EntryPage
      title="Log in by mail"
      intro="Our message holds a link, which works in any browser, and six digits, which work in this one. Both end after ten minutes."
      notice={form ? null : shown.notice}
      footer={
        <p>
          Nothing arrived? <Link to={paths.logIn}>Ask again</Link>
        </p>
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <Field
          form={form}
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          defaultValue={shown.email}
          required
        />
        <CodeField form={form} required />
        <Submit intent="code">Log in</Submit>
      </Form>
    </EntryPage>
  )
}
