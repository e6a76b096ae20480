import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AccountName } from '~/accounts/components/account-name'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { NewPasswordFields } from '~/accounts/components/new-password-fields'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ConfirmContinueSchema } from '~/accounts/schemas'
import type { Flash } from '~/flashes'
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import { inWords } from '~/words'
import type { Route } from './+types/confirm-continue'

const INVALID = 'Confirmation link is invalid or it has expired.'
const OUT_OF_DATE = 'This page is out of date.'

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'confirm')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })

  const user = await accounts.getUserByConfirmationToken(args, flow.token)
  if (user) return { f: flow.f, ...user }
  if (await accounts.isConfirmedHere(args, flow.token))
    return { isConfirmed: true, isIn: (await getUser(args)) !== null }
  return data({ problem: INVALID }, { status: 400 })
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ConfirmContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const flow = await sigra.readMailFlow(args, 'confirm', form.value.f)
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })
  const { token } = flow

  switch (form.value.intent) {
    case 'not-mine': {
      const result = await accounts.rejectRegistration(args, { token })
      if (!result.ok && result.reason === 'limited') return refuse(form, result)
      if (!result.ok) return data({ problem: INVALID }, { status: 400 })
      return finish(args, flow.f, 'registration-removed')
    }
    case 'new-password': {
      const result = await accounts.confirmUserWithNewPassword(args, { token, password: form.value.password })
      if (result.ok) return finish(args, flow.f, 'confirmed-with-password')
      if (result.reason === 'invalid-token') return data({ problem: INVALID }, { status: 400 })
      return refuse(form, result)
    }
    default: {
      const result = await accounts.confirmUser(args, { token, password: form.value.password })
      if (result.ok) {
        await sigra.endMailFlow(args, flow.f)
        sigra.flash.set(args, 'confirmed')
        return result.redirect() // to a checked redirectTo, or to the next step the door asks for
      }
      if (result.reason === 'disabled') return data({ problem: inWords(result) }, { status: 400 })
      if (result.reason === 'invalid') return data({ problem: INVALID }, { status: 400 })
      if (result.reason === 'limited' || result.reason === 'busy') return refuse(form, result)
      return data({ form: form.reply(questions[result.reason]) }, { status: 400 })
    }
  }
}

const questions = {
  'other-browser': 'This is not the browser you registered with. Type the password you chose.',
  'wrong-password': 'That is not the password chosen at registration.',
  'no-tries-left': 'Too many tries with this link. Choose a new password instead.',
}

/** Nobody is signed in by these; somebody else who is signed in here stays so. */
async function finish(args: Route.ActionArgs, f: string, flash: Flash) {
  await sigra.endMailFlow(args, f)
  const path = (await getUser(args)) ? '/' : paths.logIn
  return sigra.redirect(args, path, { flash })
}

export const meta: Route.MetaFunction = () => [{ title: 'Confirm your address' }]

export default function ConfirmContinue({ actionData, loaderData }: Route.ComponentProps) {
  const shown = actionData && 'problem' in actionData ? actionData : loaderData
  if ('problem' in shown) {
    return (
      <LinkProblem
        message={shown.problem}
        askAgain={{ path: paths.confirm, label: 'Ask for a new message' }}
      />
    )
  }

  if ('isConfirmed' in shown) {
    return (
      <EntryPage title="Already confirmed" intro="You have confirmed this address in this browser.">
        <Link className="button" to={shown.isIn ? '/' : paths.logIn}>
          {shown.isIn ? 'Continue' : 'Log in'}
        </Link>
      </EntryPage>
    )
  }

  const refused = actionData && 'form' in actionData ? actionData.form : undefined
  const isNewPassword = refused?.initialValue['intent'] === 'new-password'
  const form = isNewPassword ? undefined : refused
  const newForm = isNewPassword ? refused : undefined
  const { f, maskedEmail, email, sameBrowser } = shown
  const account = email ?? maskedEmail
  return sameBrowser ? (
    <EntryPage title="Confirm your address" intro={`Confirm that ${account} is your address.`}>
      {/* Who is signed in changes everything on screen: the browser loads the next page anew. */}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <input type="hidden" name="f" value={f} />
        <Submit intent="confirm">Confirm my address</Submit>
      </Form>
    </EntryPage>
  ) : (
    <EntryPage
      title="Is it you?"
      intro={`Somebody registered ${maskedEmail} in another browser. Tell us it was you by the password chosen there.`}
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <input type="hidden" name="f" value={f} />
        <AccountName email={account} />
        <Field
          form={form}
          name="password"
          label="Password"
          hint="The one chosen at registration."
          type="password"
          autoComplete="current-password"
          required
        />
        <Submit intent="confirm">Confirm my address</Submit>
      </Form>
      <div>
        <details className="choice" open={isNewPassword}>
          <summary>Choose a new password instead</summary>
          <Form method="post" className="form">
            <FormAlert form={newForm} />
            <input type="hidden" name="f" value={f} />
            <AccountName email={account} />
            <NewPasswordFields form={newForm} />
            <Submit intent="new-password">Save and confirm</Submit>
          </Form>
        </details>
        <details className="choice">
          <summary>I did not register</summary>
          <Form method="post" className="form">
            <input type="hidden" name="f" value={f} />
            <p className="soft">
              Then we remove the registration. You can still register this address later.
            </p>
            <Submit intent="not-mine" className="button button-danger">
              Remove the registration
            </Submit>
          </Form>
        </details>
      </div>
    </EntryPage>
  )
}
