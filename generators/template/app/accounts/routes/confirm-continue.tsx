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
import { words } from '~/accounts/words'
import type { Flash } from '~/flashes'
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/confirm-continue'

const { title, invalid: INVALID } = words.confirmContinue
const { outdated: OUT_OF_DATE } = words.linkProblem

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'confirm')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })

  const user = await accounts.getUserByConfirmationToken(args, flow.token)
  if (user) return { f: flow.f, ...user, minLength: sigra.policy.password.minLength }
  if (await accounts.isConfirmedHere(args, flow.token))
    return { isConfirmed: true, isIn: (await getUser(args)) !== null }
  return data({ problem: INVALID }, { status: 400 })
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ConfirmContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const flow = await sigra.readMailFlow(args, 'confirm', form.value.f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })
  const { token } = flow

  switch (form.value.intent) {
    case 'not-mine': {
      const result = await accounts.rejectRegistration(args, { token })
      if (!result.ok && result.reason === 'limited') return refuse(form, result)
      if (!result.ok) return data({ form: form.reply({ f: [INVALID] }) }, { status: 400 })
      return finish(args, flow.f, 'registration-removed')
    }
    case 'new-password': {
      const result = await accounts.confirmUserWithNewPassword(args, { token, password: form.value.password })
      if (result.ok) return finish(args, flow.f, 'confirmed-with-password')
      if (result.reason === 'invalid-token')
        return data({ form: form.reply({ f: [INVALID] }) }, { status: 400 })
      return refuse(form, result)
    }
    default: {
      const result = await accounts.confirmUser(args, { token, password: form.value.password })
      if (result.ok) {
        await sigra.endMailFlow(args, flow.f)
        sigra.flash.set(args, 'confirmed')
        return result.redirect() // to a checked redirectTo, or to the next step the door asks for
      }
      if (result.reason === 'disabled' || result.reason === 'invalid') {
        const problem = result.reason === 'disabled' ? words.reasons.disabled : INVALID
        return data({ form: form.reply({ f: [problem] }) }, { status: 400 })
      }
      return refuse(form, result)
    }
  }
}

/** Nobody is signed in by these; somebody else who is signed in here stays so. */
async function finish(args: Route.ActionArgs, f: string, flash: Flash) {
  await sigra.endMailFlow(args, f)
  // sigra:if app=existing
  // sigra:+ const path = (await getUser(args)) ? paths.sessions : paths.logIn
  // sigra:else
  const path = (await getUser(args)) ? '/' : paths.logIn
  // sigra:end
  return sigra.redirect(args, path, { flash })
}

export const meta: Route.MetaFunction = () => [{ title }]

export default function ConfirmContinue({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: paths.confirm, label: words.confirmContinue.askAgain }}
      />
    )
  }

  if ('isConfirmed' in loaderData) {
    return (
      <EntryPage title={words.confirmContinue.doneTitle} intro={words.confirmContinue.doneIntro}>
        {/* sigra:if app=existing */}
        {/* sigra:+ <Link className="button" to={loaderData.isIn ? paths.sessions : paths.logIn}> */}
        {/* sigra:else */}
        <Link className="button" to={loaderData.isIn ? '/' : paths.logIn}>
          {/* sigra:end */}
          {loaderData.isIn ? words.confirmContinue.doneButton : words.confirmContinue.doneLogIn}
        </Link>
      </EntryPage>
    )
  }

  const isNewPassword = form?.initialValue['intent'] === 'new-password'
  const oldForm = isNewPassword ? undefined : form
  const newForm = isNewPassword ? form : undefined
  const { f, maskedEmail, email, sameBrowser, minLength } = loaderData
  const account = email ?? maskedEmail
  return sameBrowser ? (
    <EntryPage title={title} intro={words.confirmContinue.intro(account)}>
      {/* Who is signed in changes everything on screen: the browser loads the next page anew. */}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={oldForm} />
        <input type="hidden" name="f" value={f} />
        <Submit intent="confirm">{words.confirmContinue.button}</Submit>
      </Form>
    </EntryPage>
  ) : (
    <EntryPage title={words.confirmContinue.otherTitle} intro={words.confirmContinue.otherIntro(maskedEmail)}>
      <Form method="post" className="form">
        <FormAlert form={oldForm} />
        <input type="hidden" name="f" value={f} />
        <AccountName email={account} />
        <Field
          form={oldForm}
          name="password"
          label={words.fields.password}
          hint={words.confirmContinue.passwordHint}
          type="password"
          autoComplete="current-password"
          required
        />
        <Submit intent="confirm">{words.confirmContinue.button}</Submit>
      </Form>
      <div>
        <details className="choice" open={isNewPassword}>
          <summary>{words.confirmContinue.newPassword}</summary>
          <Form method="post" className="form">
            <FormAlert form={newForm} />
            <input type="hidden" name="f" value={f} />
            <AccountName email={account} />
            <NewPasswordFields form={newForm} minLength={minLength} />
            <Submit intent="new-password" className="button button-quiet">
              {words.confirmContinue.newPasswordButton}
            </Submit>
          </Form>
        </details>
        <details className="choice">
          <summary>{words.confirmContinue.notMine}</summary>
          <Form method="post" className="form">
            <input type="hidden" name="f" value={f} />
            <p className="soft">{words.confirmContinue.notMineText}</p>
            <Submit intent="not-mine" className="button button-danger">
              {words.confirmContinue.notMineButton}
            </Submit>
          </Form>
        </details>
      </div>
    </EntryPage>
  )
}
