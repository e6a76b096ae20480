import type { ReactNode } from 'react'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { AccountName } from './components/account-name'
import { BackupCodeField } from './components/backup-code-field'
import { CodeField } from './components/code-field'
import { Field } from './components/field'
import { Form } from './components/form'
import { FormAlert } from './components/form-alert'
import { Submit } from './components/submit'
import type { Recovery } from './sudo-ways.server'

/** A way to confirm who you are, as a section of the page. */
export interface SudoWay {
  Way(props: SudoWayProps<unknown>): ReactNode
  /** The buttons whose answers are shown in this section. */
  intents: readonly string[]
}

export interface SudoWayProps<Loaded = unknown> {
  /** What the action answered to one of its intents. */
  form: FormReply | undefined
  email: string
  redirectTo: string | null
  /** Its button is the filled one. */
  isFirst: boolean
  /** What its half on the server found. */
  loaded: Loaded
}

export const password = {
  intents: ['password'],
  Way: Password,
} satisfies SudoWay

export const authenticatorApp = {
  intents: ['code'],
  Way: AuthenticatorApp,
} satisfies SudoWay

export const mailedCode = {
  intents: ['mailed-code', 'send-code'],
  Way: MailedCode,
} satisfies SudoWay

/** By what is left when the second factor is lost; it lets somebody replace that, and nothing else. */
export const recovery = {
  intents: ['recovery', 'send-code'],
  Way: Recover,
} satisfies SudoWay

function Password({ form, email, redirectTo }: SudoWayProps) {
  return (
    <Form method="post" className="form" reloadDocument>
      <FormAlert form={form} />
      <PasswordField form={form} email={email} />
      <Back redirectTo={redirectTo} />
      <Submit intent="password">{words.sudo.button}</Submit>
    </Form>
  )
}

function AuthenticatorApp({ form, redirectTo, isFirst }: SudoWayProps) {
  return (
    <Form method="post" className="form" reloadDocument>
      <FormAlert form={form} />
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it is what the page is for */}
      <CodeField form={form} hint={words.fields.appCodeHint} required autoFocus={isFirst} />
      <Back redirectTo={redirectTo} />
      <Submit intent="code">{words.sudo.button}</Submit>
    </Form>
  )
}

function MailedCode({ form, redirectTo, isFirst }: SudoWayProps) {
  // The code may have been asked for in another tab: there is room for it from the start.
  const isAsked = form !== undefined
  const ask = (
    <Form method="post" className="form" reloadDocument>
      <Back redirectTo={redirectTo} />
      <SendCode isFirst={isFirst && !isAsked} />
    </Form>
  )
  return (
    <>
      {!isAsked && ask}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- once a code was asked for, it is what the page is for */}
        <CodeField form={form} label={words.fields.mailedCode} required autoFocus={isAsked} />
        <Back redirectTo={redirectTo} />
        <Submit intent="mailed-code" className={isFirst && isAsked ? 'button' : 'button button-quiet'}>
          {words.sudo.button}
        </Submit>
      </Form>
      {isAsked && ask}
    </>
  )
}

function Recover({ form, email, loaded }: SudoWayProps<Recovery>) {
  const isByPassword = loaded.beside === 'password'
  return (
    <details className="choice" open={form !== undefined}>
      <summary>{words.sudo.lost}</summary>
      <Form method="post" className="form" reloadDocument>
        <p className="soft">{isByPassword ? words.sudo.lostWithPassword : words.sudo.lostWithCode}</p>
        <FormAlert form={form} />
        {isByPassword ? (
          <PasswordField form={form} email={email} />
        ) : (
          <CodeField form={form} name="mailedCode" label={words.fields.mailedCode} required />
        )}
        <BackupCodeField form={form} />
        <Submit intent="recovery" className="button button-quiet">
          {words.sudo.lostButton}
        </Submit>
        {!isByPassword && <SendCode />}
      </Form>
    </details>
  )
}

/** With the name of the account, for password managers. */
function PasswordField({ form, email }: Pick<SudoWayProps, 'form' | 'email'>) {
  return (
    <>
      <AccountName email={email} />
      <Field
        form={form}
        name="password"
        label={words.fields.password}
        type="password"
        autoComplete="current-password"
        required
      />
    </>
  )
}

function SendCode({ isFirst = false }: Partial<Pick<SudoWayProps, 'isFirst'>>) {
  return (
    <Submit intent="send-code" className={isFirst ? 'button' : 'button button-quiet'} skipsValidation>
      {words.sudo.sendCode}
    </Submit>
  )
}

function Back({ redirectTo }: Pick<SudoWayProps, 'redirectTo'>) {
  return redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />
}
