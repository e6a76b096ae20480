import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { BackupCodes } from '~/accounts/components/backup-codes'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
// sigra:if passkeys
import { PasskeyList } from '~/passkeys/components/passkey-list'
// sigra:end
import { SettingsPage } from '~/accounts/components/settings-page'
import { Submit } from '~/accounts/components/submit'
import { TotpSetup } from '~/accounts/components/totp-setup'
// sigra:if passkeys
// sigra:end
import { UNCONFIRMED, WRONG_CODE } from '~/accounts/notices'
import { refuse } from '~/accounts/refuse.server'
import { SettingsMfaSchema } from '~/accounts/schemas'
import type { Flash } from '~/flashes'
import { paths } from '~/paths'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/settings-mfa'

const PATH = paths.settingsMfa

export async function loader(args: Route.LoaderArgs) {
  // Also by a backup code: somebody who lost their phone comes here to put another in its place.
  const user = await requireSudo(args, { allowRecovery: true })
  const state = await accounts.getUserSecondFactorState(args)
  return {
    email: user.email,
    state,
    // sigra:if passkeys
    passkeys: await accounts.listUserPasskeys(args),
    rpId: sigra.runtime.relyingParty?.rpId ?? '',
    // sigra:end
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args, { allowRecovery: true })
  const form = await parseForm(args, SettingsMfaSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  switch (form.value.intent) {
    case 'enroll': {
      const result = await accounts.enrollUserTotp(args)
      if (!result.ok && result.reason === 'limited') return refuse(form, result)
      if (!result.ok) return data({ form: form.reply(UNCONFIRMED) }, { status: 400 })
      return sigra.redirect(args, PATH)
    }
    case 'activate': {
      const result = await accounts.activateUserTotp(args, { code: form.value.code })
      if (result.ok) return show(result.backupCodes)
      if (result.reason === 'wrong-code') return data({ form: form.reply(WRONG_CODE) }, { status: 400 })
      if (result.reason === 'not-enrolled') return sigra.redirect(args, PATH)
      if (result.reason === 'unconfirmed') return data({ form: form.reply(UNCONFIRMED) }, { status: 400 })
      if (result.reason === 'session-ended' || result.reason === 'disabled') return signedOut(args)
      return refuse(form, result)
    }
    case 'disable': {
      const result = await accounts.disableUserTotp(args)
      if (result.ok) return show(result.backupCodes) ?? done(args, 'app-off')
      if (result.reason === 'not-active') return sigra.redirect(args, PATH)
      if (result.reason === 'required') return data({ form: form.reply(REQUIRED) }, { status: 400 })
      return refuse(form, result)
    }
    case 'regenerate-codes': {
      await requireSudo(args) // a backup code may not make ten of one
      const result = await accounts.regenerateUserBackupCodes(args)
      if (result.ok) return show(result.backupCodes)
      if (result.reason === 'not-active') return sigra.redirect(args, PATH)
      return refuse(form, result)
    }
    default: {
      const isRequired = form.value.intent === 'require-second-step'
      if (isRequired) await requireSudo(args)
      const result = await accounts.requireUserSecondStep(args, { isRequired })
      if (result.ok) {
        return show(result.backupCodes) ?? done(args, isRequired ? 'two-steps' : 'one-step')
      }
      if (result.reason === 'no-factor' || result.reason === 'unchanged') return sigra.redirect(args, PATH)
      return refuse(form, result)
    }
  }
}

const INTRO =
  'With a second step, a stolen password is not enough. Every other browser is signed out when you change something here.'
const RECOVERY =
  'A backup code let you in here: set up an authenticator app to take the place of what you lost, or switch the second step off. Log in anew with it to change anything else.'
const RECOVERED =
  'A backup code let you in here. Set up an authenticator app to take the place of what you lost. Log in anew to change anything else.'
const REQUIRED = 'You need a second step here. Set up another app instead: it takes the place of this one.'

/** In this answer and in no other: nobody can read them a second time, we neither. */
function show(codes: readonly string[]) {
  return codes.length > 0 ? { codes } : null
}

function done(args: Route.ActionArgs, flash: Flash) {
  return sigra.redirect(args, PATH, { flash })
}

function signedOut(args: Route.ActionArgs) {
  return sigra.redirect(args, paths.logIn, { flash: 'session-ended' })
}

export const meta: Route.MetaFunction = () => [{ title: 'Two-step sign-in' }]

export default function SettingsMfa({ actionData, loaderData }: Route.ComponentProps) {
  const { email, state, notice } = loaderData
  if (actionData && 'codes' in actionData) {
    return (
      <SettingsPage
        title="Keep your backup codes"
        intro="They get you in when your phone is lost. Every other browser was signed out."
        email={email}
      >
        <BackupCodes codes={actionData.codes} continueTo={PATH} />
      </SettingsPage>
    )
  }

  const form = actionData?.form
  return (
    <SettingsPage
      title="Two-step sign-in"
      intro={state?.isRecovery ? (state.totp ? RECOVERY : RECOVERED) : INTRO}
      email={email}
      notice={form ? null : notice}
    >
      <section className="panel" aria-labelledby="totp">
        <h2 id="totp">Authenticator app {state?.totp && <span className="badge">on</span>}</h2>
        {state?.totp && (
          <ActiveApp activatedAt={state.totp.activatedAt} isReplaced={state.enrolment !== null} form={form} />
        )}
        {(!state?.totp || state.enrolment) && (
          <TotpSetup form={form} enrolment={state?.enrolment ?? null} email={email} />
        )}
      </section>
      {/* Every other second factor is a panel of its own. */}
      {/* sigra:if passkeys */}
      {!state?.isRecovery && <PasskeyList passkeys={loaderData.passkeys} rpId={loaderData.rpId} />}
      {state?.hasPasskey && !state.totp && !state.isObliged && (
        <SecondStep isRequired={state.requiresSecondStep} />
      )}
      {/* sigra:end */}
      {state?.isActive && !state.isRecovery && <CodesLeft left={state.backupCodesLeft} />}
    </SettingsPage>
  )
}

interface ActiveAppProps {
  activatedAt: Date
  /** Another app is being set up, which takes the place of this one. */
  isReplaced: boolean
  form: React.ComponentProps<typeof FormAlert>['form']
}

function ActiveApp({ activatedAt, isReplaced, form }: ActiveAppProps) {
  const since = activatedAt.toISOString()
  return (
    <>
      <p className="soft">
        Since <time dateTime={since}>{since.slice(0, 10)}</time>, signing in asks for a code from your app.
        With a new phone, set up the new app: the old one counts until then.
      </p>
      <Form method="post" className="form" reloadDocument>
        {!isReplaced && <FormAlert form={form} />}
        <div className="actions">
          {!isReplaced && (
            <Submit intent="enroll" className="button button-quiet">
              Set up another app
            </Submit>
          )}
          <Submit intent="disable" className="button button-danger">
            Switch it off
          </Submit>
        </div>
      </Form>
    </>
  )
}

// sigra:if passkeys
function SecondStep({ isRequired }: { isRequired: boolean }) {
  return (
    <section className="panel" aria-labelledby="second-step">
      <h2 id="second-step">Require a second step {isRequired && <span className="badge">on</span>}</h2>
      <p className="soft">
        You have a passkey. Signing in by password or by mail can ask for it as well, so that neither is
        enough alone.
      </p>
      <Form method="post" reloadDocument>
        {isRequired ? (
          <Submit intent="allow-one-step" className="button button-danger">
            Ask for one step only
          </Submit>
        ) : (
          <Submit intent="require-second-step">Require a second step</Submit>
        )}
      </Form>
    </section>
  )
}
// sigra:end

function CodesLeft({ left }: { left: number }) {
  return (
    <section className="panel" aria-labelledby="codes">
      <h2 id="codes">Backup codes</h2>
      <p className="soft">
        {left === 1 ? 'One code is' : `${left} codes are`} left. Each gets you in once when your phone is not
        there. New ones take the place of all former ones.
      </p>
      <Form method="post" reloadDocument>
        <Submit intent="regenerate-codes" className="button button-quiet">
          Make new codes
        </Submit>
      </Form>
    </section>
  )
}
