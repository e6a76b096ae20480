import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { Field } from './field'

interface NewPasswordFieldsProps {
  form: FormReply | undefined
  /** In characters. */
  minLength: number
}

/** A password to choose, typed twice. */
export function NewPasswordFields({ form, minLength }: NewPasswordFieldsProps) {
  return (
    <>
      <Field
        form={form}
        name="password"
        label={words.fields.newPassword}
        hint={words.fields.newPasswordHint(minLength)}
        type="password"
        autoComplete="new-password"
        required
      />
      <Field
        form={form}
        name="passwordConfirmation"
        label={words.fields.repeatPassword}
        type="password"
        autoComplete="new-password"
        required
      />
    </>
  )
}
