import type { FormReply } from '@sigra/remix/conform'
import { Field } from './field'

/** A password to choose, typed twice. What it must be like is in `policy` of sigra.server.ts: keep the hint in step. */
export function NewPasswordFields({ form }: { form: FormReply | undefined }) {
  return (
    <>
      <Field
        form={form}
        name="password"
        label="New password"
        hint="At least 12 characters."
        type="password"
        autoComplete="new-password"
        required
      />
      <Field
        form={form}
        name="passwordConfirmation"
        label="Repeat the new password"
        type="password"
        autoComplete="new-password"
        required
      />
    </>
  )
}
