import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
// sigra:if passkeys
import { PasskeyButton } from '~/passkeys/components/passkey-button'
// sigra:end
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { LogInSchema } from '~/accounts/schemas'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { paths } from '~/paths'
import { parseForm, requireAnonymous, sigra } from '~/sigra.server'
import type { Route } from './+types/log-in'

const CONFIRM = paths.confirm

export async function loader(args: Route.LoaderArgs) {
  await requireAnonymous(args)
  const notice = await sigra.flash.read(args)
  const email = await sigra.typedEmail.read(args)
  const redirectTo = args.url.searchParams.get('redirectTo')
  const confirmPath = withRedirectTo(CONFIRM, redirectTo)
  return {
    notice,
    email,
    confirmPath: email === undefined ? confirmPath : sigra.typedEmail.carry(args, confirmPath, email),
    redirectTo,
    hasMagicLink: sigra.policy.magicLink.enabled,
    // sigra:if passkeys
    isPasskeyFirst: sigra.policy.passkeys.primary && sigra.usedPasskeyHere(args),
    // sigra:end
  }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, LogInSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  if (form.value.intent === 'magic-link') {
    const sent = await accounts.deliverUserLogInInstructions(args, form.value)
    if (!sent.ok) return refuse(form, sent)
    // The same words for every address.
    return sigra.redirect(args, `${paths.logIn}/continue`, {
      flash: 'magic-link-sent',
      email: form.value.email,
    })
  }

  const result = await accounts.logInUser(args, form.value)
  if (result.ok) return result.redirect() // to a checked redirectTo, or to the next step the door asks for
  if (result.reason !== 'invalid-credentials') return refuse(form, result)

  const { email, redirectTo } = form.value
  const confirmPath = sigra.typedEmail.carry(args, withRedirectTo(CONFIRM, redirectTo), email)
  // One answer for every failure: this form must not tell who has an account.
  return data({ form: form.reply('Invalid email or password.'), confirmPath }, { status: 400 })
}

export const meta: Route.MetaFunction = () => [{ title: 'Log in' }]

export default function LogIn({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  // sigra:if passkeys
  const passkey = (
    <PasskeyButton
      path={`${paths.logIn}/passkey`}
      redirectTo={loaderData.redirectTo}
      offersList
      isQuiet={!loaderData.isPasskeyFirst}
    >
      Continue with passkey
    </PasskeyButton>
  )
  // sigra:end
  return (
    <EntryPage
      title="Log in"
      isSplit
      notice={form ? null : loaderData.notice}
      footer={
        <>
          <p>
            New here? <Link to={withRedirectTo(paths.register, loaderData.redirectTo)}>Register</Link>
          </p>
          <p>
            Just registered? <Link to={loaderData.confirmPath}>Enter the code</Link> from our message.
          </p>
        </>
      }
    >
      {/* sigra:if passkeys */}
      {loaderData.isPasskeyFirst && (
        <>
          {passkey}
          <h2 className="or needs-script">Use password instead</h2>
        </>
      )}
      {/* sigra:end */}
      {/* Who is signed in changes everything on screen: the browser loads the next page anew. */}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form}>
          {actionData && 'confirmPath' in actionData && (
            <>
              {' Just registered? '}
              <Link to={String(actionData.confirmPath)}>Confirm your address first.</Link>
            </>
          )}
        </FormAlert>
        {/* sigra:if passkeys */}
        <Field
          form={form}
          name="email"
          label="Email"
          type="email"
          autoComplete="username webauthn"
          defaultValue={loaderData.email}
          required
        />
        {/* sigra:else */}
        {/* sigra:+ <Field */}
        {/* sigra:+   form={form} */}
        {/* sigra:+   name="email" */}
        {/* sigra:+   label="Email" */}
        {/* sigra:+   type="email" */}
        {/* sigra:+   autoComplete="username" */}
        {/* sigra:+   defaultValue={loaderData.email} */}
        {/* sigra:+   required */}
        {/* sigra:+ /> */}
        {/* sigra:end */}
        <Field
          form={form}
          name="password"
          label="Password"
          type="password"
          autoComplete="current-password"
          required
        />
        {loaderData.redirectTo && <input type="hidden" name="redirectTo" value={loaderData.redirectTo} />}
        <div className="form-row">
          <label className="check">
            <input type="checkbox" name="rememberMe" /> Remember me
          </label>
          <Link to={paths.resetPassword}>Forgot your password?</Link>
        </div>
        {/* One filled button: what was used in this browser before, else the password's. */}
        {/* sigra:if passkeys */}
        <Submit intent="password" className={loaderData.isPasskeyFirst ? 'button button-quiet' : 'button'}>
          Log in
        </Submit>
        {/* sigra:else */}
        {/* sigra:+ <Submit intent="password">Log in</Submit> */}
        {/* sigra:end */}
        {loaderData.hasMagicLink && (
          <Submit intent="magic-link" className="button button-quiet" skipsValidation>
            Email me a magic link
          </Submit>
        )}
      </Form>
      {/* sigra:if passkeys */}
      {!loaderData.isPasskeyFirst && passkey}
      {/* sigra:end */}
    </EntryPage>
  )
}
