import type { InputEvent } from 'react'
import { words } from '~/accounts/words'
import { Field, type FieldProps } from './field'

interface CodeFieldProps {
  form: FieldProps['form']
  hint?: string
  required?: boolean
  autoFocus?: boolean
  /** @default 'code' */
  name?: string
  /** @default “Code” */
  label?: string
}

/** Six digits, from an authenticator app or a message. There is room for blanks between them. */
export function CodeField({ name = 'code', label = words.fields.code, ...field }: CodeFieldProps) {
  return (
    <Field
      {...field}
      name={name}
      label={label}
      className="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={12}
      onInput={sendWhenWhole}
    />
  )
}

/** The sixth digit sends the form, where nothing else of it is left to fill in. Without script its button does. */
function sendWhenWhole({ currentTarget: { form, value } }: InputEvent<HTMLInputElement>) {
  const button = form?.querySelector<HTMLButtonElement>('button:not([type=button])')
  if (/^\d{6}$/.test(value) && form?.checkValidity()) form.requestSubmit(button)
}
