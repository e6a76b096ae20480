import { words } from '~/accounts/words'
import { Field, type FieldProps } from './field'

/** One of the codes somebody kept on paper. */
export function BackupCodeField({ form }: Pick<FieldProps, 'form'>) {
  return (
    <Field
      form={form}
      name="backupCode"
      label={words.fields.backupCode}
      hint={words.fields.backupCodeHint}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={40}
      required
    />
  )
}
