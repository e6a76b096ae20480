import type { ReactNode } from 'react'
import type { SecondFactorView } from '@sigra/remix'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { AskFirst } from './components/ask-first'
import { BackupCodeField } from './components/backup-code-field'
import { CodeField } from './components/code-field'
import { Form } from './components/form'
import { FormAlert } from './components/form-alert'
import { Moment } from './components/moment'
import { Submit } from './components/submit'
import { TotpSetup } from './components/totp-setup'

/** What can be asked for after a password or a link. Each part is a section of its page. */
export interface SecondStep {
  /** While somebody logs in. */
  Ask(props: AskProps): ReactNode
  /** Where one has to be set up before somebody may go on. */
  Enroll?(props: EnrollProps): ReactNode
  /** In the settings. */
  Settings(props: SettingsProps<unknown>): ReactNode
}

export interface AskProps {
  /** What the action answered to this step. */
  form: FormReply | undefined
  /** The box to trust this browser, above the code, whose last digit sends the form; `false` where it is not offered. */
  trust: ReactNode
  redirectTo: string | null
  /** Its button is the filled one. */
  isFirst: boolean
}

export interface EnrollProps {
  form: FormReply | undefined
  email: string
  enrolment: SecondFactorView['enrolment']
  redirectTo: string | null
  isFirst: boolean
}

export interface SettingsProps<Loaded = unknown> {
  form: FormReply | undefined
  email: string
  state: SecondFactorView
  /** What its half on the server found. */
  loaded: Loaded
}

export const authenticatorApp = {
  Ask: AskForApp,
  Enroll: TotpSetup,
  Settings: AppInSettings,
} satisfies SecondStep

export const backupCode = {
  Ask: AskForBackupCode,
  Settings: BackupCodesInSettings,
} satisfies SecondStep

function AskForApp({ form, trust }: AskProps) {
  return (
    // Who is signed in changes everything on screen: the browser loads the next page anew.
    <Form method="post" className="form" reloadDocument>
      <FormAlert form={form} />
      {trust}
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it is what the page is for */}
      <CodeField form={form} label={words.fields.appCode} required autoFocus />
      <Submit>{words.mfa.button}</Submit>
    </Form>
  )
}

function AppInSettings({ form, email, state }: SettingsProps) {
  const { totp, enrolment } = state
  return (
    <section className="panel" aria-labelledby="totp">
      <h2 id="totp">
        {words.totp.title} {totp && <span className="badge">{words.totp.on}</span>}
      </h2>
      {totp && <ActiveApp activatedAt={totp.activatedAt} isReplaced={enrolment !== null} form={form} />}
      {(!totp || enrolment) && <TotpSetup form={form} enrolment={enrolment} email={email} />}
    </section>
  )
}

interface ActiveAppProps extends Pick<SettingsProps, 'form'> {
  activatedAt: Date
  /** Another app is being set up, which takes the place of this one. */
  isReplaced: boolean
}

function ActiveApp({ activatedAt, isReplaced, form }: ActiveAppProps) {
  return (
    <>
      <p className="soft">{words.totp.since(<Moment at={activatedAt} />)}</p>
      <Form method="post" className="form" reloadDocument>
        {!isReplaced && <FormAlert form={form} />}
        {!isReplaced && (
          <Submit intent="enroll" className="button button-quiet">
            {words.totp.replace}
          </Submit>
        )}
        <AskFirst label={words.totp.turnOff} question={words.totp.turnOffQuestion}>
          <Submit intent="disable" className="button button-danger">
            {words.totp.turnOffYes}
          </Submit>
        </AskFirst>
      </Form>
    </>
  )
}

function AskForBackupCode({ form, trust, isFirst }: AskProps) {
  return (
    <details className="choice" open={form !== undefined || isFirst}>
      <summary>{words.mfa.withBackupCode}</summary>
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {trust}
        <BackupCodeField form={form} />
        <Submit className={isFirst ? 'button' : 'button button-quiet'}>{words.mfa.backupButton}</Submit>
      </Form>
    </details>
  )
}

function BackupCodesInSettings({ state }: SettingsProps) {
  const left = state.backupCodesLeft
  if (!state.isActive || state.isRecovery) return null
  return (
    <section className="panel" aria-labelledby="codes">
      <h2 id="codes">{words.backupCodes.label}</h2>
      <p className="soft">{words.backupCodes.left(left)}</p>
      <Form method="post" reloadDocument>
        <Submit intent="regenerate-codes" className="button button-quiet">
          {words.backupCodes.renew}
        </Submit>
      </Form>
    </section>
  )
}
