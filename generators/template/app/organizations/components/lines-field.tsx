// sigra:file organizations
import { useId } from 'react'
import type { FormReply } from '@sigra/remix/conform'
import { inWords } from '~/words'

interface LinesFieldProps {
  form: FormReply | undefined
  name: string
  label: string
  hint: string
  defaultValue?: string | undefined
}

/** A labelled box for several lines, that says what is wrong with it. */
export function LinesField({ form, name, label, hint, defaultValue }: LinesFieldProps) {
  const id = useId()
  const errors = form?.error[name] ?? []
  const isRefused = errors.length > 0
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={4}
        defaultValue={form?.initialValue[name] ?? defaultValue}
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={isRefused || undefined}
        aria-describedby={isRefused ? `${id}-hint ${id}-error` : `${id}-hint`}
      />
      <p className="field-hint" id={`${id}-hint`}>
        {hint}
      </p>
      {isRefused && (
        <p className="field-error" id={`${id}-error`}>
          {errors.map(inWords).join(' ')}
        </p>
      )}
    </div>
  )
}
