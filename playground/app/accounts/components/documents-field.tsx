import { useId } from 'react'
import type { Document } from '@sigra/remix'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { inWords } from '~/words'

interface DocumentsFieldProps {
  form: FormReply | undefined
  documents: readonly Document[]
}

/** One box for the documents it names. It posts their versions: of what is newer by then, nothing is accepted. */
export function DocumentsField({ form, documents }: DocumentsFieldProps) {
  const id = useId()
  const errors = form?.error['documents'] ?? []
  if (documents.length === 0) return null

  return (
    <div className="field">
      <ul>
        {documents.map(({ name, url }) => (
          <li key={name}>
            <a href={url} target="_blank" rel="noreferrer">
              {words.consent.titles[name] ?? name}
            </a>
          </li>
        ))}
      </ul>
      <label className="check">
        <input
          type="checkbox"
          name="documents"
          value={documents.map(({ name, version }) => `${name}:${version}`).join(' ')}
          required
          aria-invalid={errors.length > 0 || undefined}
          aria-describedby={errors.length > 0 ? `${id}-error` : undefined}
        />{' '}
        {words.consent.accept(documents.length)}
      </label>
      {errors.length > 0 && (
        <p className="field-error" id={`${id}-error`}>
          {errors.map(inWords).join(' ')}
        </p>
      )}
    </div>
  )
}
