import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { BackupCodeField } from '~/accounts/components/backup-code-field'
import { CodeField } from '~/accounts/components/code-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
// sigra:if passkeys
import { PasskeyButton } from '~/passkeys/components/passkey-button'
// sigra:end
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { MfaSchema } from '~/accounts/schemas'
import { paths } from '~/paths'
import { parseForm, requirePending, sigra } from '~/sigra.server'
import type { Route } from './+types/mfa'

const FEW_CODES = 3

export async function loader(args: Route.LoaderArgs) {
  const user = await requirePending(args, 'second-factor')
  const state = await accounts.getUserSecondFactorState(args)
  return {
    email: user.email,
    hasTotp: state?.totp != null,
    // sigra:if passkeys
    hasPasskey: state?.hasPasskey === true,
    redirectTo: args.url.searchParams.get('redirectTo'),
    // sigra:end
    hasBackupCodes: (state?.backupCodesLeft ?? 0) > 0,
    trustDays: state?.trustDays ?? null,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requirePending(args, 'second-factor')
  const form = await parseForm(args, MfaSchema)
  if (!form.ok) return data({ form: form.reply(), isBackup: false }, { status: 400 })

  const isBackup = form.value.backupCode !== undefined
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
    case 'already-used':
      return data(
        { form: form.reply(problems[isBackup ? 'backupCode' : result.reason]), isBackup },
        { status: 400 },
      )
    case 'blocked':
      return data({ form: form.reply(BLOCKED), isBackup }, { status: 400 })
    default:
      return refuse(form, result)
  }
}

const problems = {
  'wrong-code': { code: ['That code is wrong. It changes every 30 seconds: type the one you see now.'] },
  'already-used': { code: ['That code was used already. Wait for the next one.'] },
  // Wrong and used look alike: a code on a lost sheet of paper should not tell which it is.
  backupCode: { backupCode: ['That backup code is wrong or was used already.'] },
}
// sigra:if passkeys
const BLOCKED =
  'Too many wrong codes were typed for this account. Codes are switched off until you sign in with a passkey or our support has made sure who you are.'
// sigra:else
// sigra:+ const BLOCKED =
// sigra:+   'Too many wrong codes were typed for this account. Codes are switched off until our support has made sure who you are.'
// sigra:end

export const meta: Route.MetaFunction = () => [{ title: 'One more step' }]

export default function Mfa({ actionData, loaderData }: Route.ComponentProps) {
  const { email, hasTotp, hasBackupCodes, trustDays, notice } = loaderData
  const form = actionData?.form
  // sigra:if passkeys
  const hasOther = hasTotp || loaderData.hasPasskey
  // sigra:else
  // sigra:+ const hasOther = hasTotp
  // sigra:end
  const isBackup = actionData !== undefined && 'isBackup' in actionData && actionData.isBackup === true
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
      {hasTotp && (
        // Who is signed in changes everything on screen: the browser loads the next page anew.
        <Form method="post" className="form" reloadDocument>
          {!isBackup && <FormAlert form={form} />}
          <CodeField form={isBackup ? undefined : form} label="Code from your authenticator app" required />
          {trust}
          <Submit>Go on</Submit>
        </Form>
      )}
      {/* Every way to give the second factor is a section of its own. */}
      {/* sigra:if passkeys */}
      {loaderData.hasPasskey && (
        <div className="form">
          {!hasTotp && trust}
          <PasskeyButton path={`${paths.mfa}/passkey`} redirectTo={loaderData.redirectTo} isQuiet={hasTotp}>
            Use a passkey
          </PasskeyButton>
        </div>
      )}
      {/* sigra:end */}
      {hasBackupCodes && (
        <details className="choice" open={isBackup || !hasOther}>
          <summary>Use a backup code</summary>
          <Form method="post" className="form" reloadDocument>
            {isBackup && <FormAlert form={form} />}
            <BackupCodeField form={isBackup ? form : undefined} />
            {trust}
            <Submit>Use this code</Submit>
          </Form>
        </details>
      )}
    </EntryPage>
  )
}
