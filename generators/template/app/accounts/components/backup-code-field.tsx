import type { ComponentProps } from 'react'
import { Field } from './field'

/** One of the ten codes somebody kept on paper. */
export function BackupCodeField({ form }: Pick<ComponentProps<typeof Field>, 'form'>) {
  return (
    <Field
      form={form}
      name="backupCode"
      label="Backup code"
      hint="One of the ten you kept. It works once."
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={40}
      required
    />
  )
}
