import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AccountName } from '~/accounts/components/account-name'
import { BackupCodeField } from '~/accounts/components/backup-code-field'
import { CodeField } from '~/accounts/components/code-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { PasskeyButton } from '~/passkeys/components/passkey-button'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { SudoSchema } from '~/accounts/schemas'
import { paths } from '~/paths'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/sudo'

export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args)
  return {
    email: user.email,
    sudo: await accounts.getSudoState(args), // the strongest that this account has, and nothing below it
    redirectTo: args.url.searchParams.get('redirectTo'),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const form = await parseForm(args, SudoSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  if (form.value.intent === 'send-code') {
    const sent = await accounts.deliverUserSudoCode(args)
    if (!sent.ok) return refuse(form, sent)
    return data({ form: undefined, isSent: true })
  }

  const result =
    form.value.intent === 'password'
      ? await accounts.sudoByPassword(args, form.value)
      : form.value.intent === 'mailed-code'
        ? await accounts.sudoByCode(args, form.value)
        : await accounts.sudoBySecondFactor(args, form.value)
  if (result.ok) return result.redirect() // back to a checked redirectTo
  if (result.reason === 'session-ended') {
    return sigra.redirect(args, paths.logIn, { flash: 'too-many-wrong' })
  }
  const words = result.reason === 'wrong' ? wrong[form.value.intent] : wrong[result.reason]
  return words === undefined ? refuse(form, result) : data({ form: form.reply(words) }, { status: 400 })
}

const wrong: Partial<Record<string, string>> = {
  password: 'That is not your password.',
  code: 'That is not the code your app shows now.',
  'mailed-code': 'Invalid code, or it has expired.',
  recovery: 'The backup code and what stands beside it do not fit.',
  'already-used': 'That code has already been used. Wait for the next one.',
  blocked: 'Codes are blocked after too many wrong ones. Use a passkey, or write to us.',
}

export const meta: Route.MetaFunction = () => [{ title: 'Is it you?' }]

export default function Sudo({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const isSent = actionData !== undefined && 'isSent' in actionData
  const { email, sudo, redirectTo, notice } = loaderData
  const isRecovery = form?.initialValue['intent'] === 'recovery'
  const [usual, lost] = isRecovery ? [undefined, form] : [form, undefined]
  const back = redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />
  return (
    <EntryPage
      title="Is it you?"
      intro={`You are signed in as ${email}. Show us again that it is you before you go on; that holds for ten minutes.`}
      notice={isSent ? 'sudo-code-sent' : form ? null : notice}
      footer={
        <p>
          <Link to="/">Cancel</Link>
        </p>
      }
    >
      {sudo?.passkey && (
        <PasskeyButton
          path={`${paths.sudo}/passkey`}
          redirectTo={redirectTo}
          isQuiet={sudo.password || sudo.totp}
        >
          Use a passkey
        </PasskeyButton>
      )}
      {sudo?.password && (
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={usual} />
          <AccountName email={email} />
          <Field
            form={usual}
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            required
          />
          {back}
          <Submit intent="password">Go on</Submit>
        </Form>
      )}
      {sudo?.totp && (
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={usual} />
          <CodeField form={usual} hint="The six digits your authenticator app shows now." required />
          {back}
          <Submit intent="code">Go on</Submit>
        </Form>
      )}
      {sudo?.emailCode && (
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={usual} />
          <CodeField form={usual} hint="Six digits from a message to your address." />
          {back}
          <Submit intent="mailed-code">Go on</Submit>
          <Submit intent="send-code" className="button button-quiet">
            Send me a message with a code
          </Submit>
        </Form>
      )}
      {sudo?.recovery && (
        <details className="choice" open={isRecovery || (isSent && !sudo.emailCode)}>
          <summary>I have lost my device</summary>
          <Form method="post" className="form" reloadDocument>
            <p className="soft">
              A backup code together with{' '}
              {sudo.recovery === 'password' ? 'your password' : 'a code from a message to your address'} lets
              you replace the second factor, and nothing else.
            </p>
            <FormAlert form={lost} />
            <AccountName email={email} />
            {sudo.recovery === 'password' ? (
              <Field
                form={lost}
                name="password"
                label="Password"
                type="password"
                autoComplete="current-password"
                required
              />
            ) : (
              <CodeField form={lost} name="mailedCode" label="Code from the message" required />
            )}
            <BackupCodeField form={lost} />
            <Submit intent="recovery">Replace my second factor</Submit>
            {sudo.recovery === 'mailed-code' && (
              <Submit intent="send-code" className="button button-quiet" skipsValidation>
                Send me a message with a code
              </Submit>
            )}
          </Form>
        </details>
      )}
    </EntryPage>
  )
}
