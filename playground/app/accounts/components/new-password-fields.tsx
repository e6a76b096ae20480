import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { Field } from './field'

/** A password to choose, typed twice. */
export function NewPasswordFields({ form }: { form: FormReply | undefined }) {
  return (
    <>
      <Field
        form={form}
        name="password"
        label={words.fields.newPassword}
        hint={words.fields.newPasswordHint}
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
