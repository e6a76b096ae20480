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
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/log-in-continue'

const { title, invalid: INVALID } = words.logInContinue
const { outdated: OUT_OF_DATE } = words.linkProblem

export async function loader(args: Route.LoaderArgs) {
  const notice = await sigra.flash.read(args)
  const email = await sigra.typedEmail.read(args)
  // Without a link, the code is typed here.
  if (email !== undefined || !args.url.searchParams.has('f')) {
    return { notice, email, minutes: sigra.policy.magicLink.minutes }
  }

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
    return data({ form: form.reply(words.logInContinue.wrongCode) }, { status: 400 })
  }

  const flow = await sigra.readMailFlow(args, 'magic-link', form.value.f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })
  const result = await accounts.logInUserByMagicLink(args, { token: flow.token })
  if (!result.ok && result.reason === 'limited') return refuse(form, result)
  await sigra.endMailFlow(args, flow.f)
  if (result.ok) return land(args, result)
  const problem = result.reason === 'disabled' ? words.reasons.disabled : INVALID
  return data({ form: form.reply({ f: [problem] }) }, { status: 400 })
}

/** To where the person wanted to go, or to the next step the door asks for. */
function land(args: Route.ActionArgs, result: { isPasswordRemoved: boolean; redirect(): Response }) {
  if (result.isPasswordRemoved) sigra.flash.set(args, 'password-removed')
  return result.redirect()
}

export const meta: Route.MetaFunction = () => [{ title }]

export default function LogInContinue({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: paths.logIn, label: words.logInContinue.askAgain }}
      />
    )
  }
  return 'f' in loaderData ? (
    <EntryPage
      title={words.logInContinue.linkTitle}
      intro={
        loaderData.switchesFrom
          ? words.logInContinue.switchIntro(loaderData.maskedEmail, loaderData.switchesFrom)
          : words.logInContinue.linkIntro(loaderData.maskedEmail)
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <input type="hidden" name="f" value={loaderData.f} />
        <Submit intent="link">
          {loaderData.switchesFrom ? words.logInContinue.switchButton : words.logInContinue.linkButton}
        </Submit>
      </Form>
    </EntryPage>
  ) : (
    <EntryPage
      title={title}
      intro={words.logInContinue.intro(loaderData.minutes)}
      notice={form ? null : loaderData.notice}
      footer={
        <p>
          {words.logInContinue.again((text) => (
            <Link to={paths.logIn}>{text}</Link>
          ))}
        </p>
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <Field
          form={form}
          name="email"
          label={words.fields.email}
          type="email"
          autoComplete="username"
          defaultValue={loaderData.email}
          required
        />
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it is what the page is for */}
        <CodeField form={form} required autoFocus={loaderData.email !== undefined} />
        <Submit intent="code">{words.logInContinue.button}</Submit>
      </Form>
    </EntryPage>
  )
}
