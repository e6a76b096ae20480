import { useEffect, useId, useRef, useState, useSyncExternalStore, type InputEvent } from 'react'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { inWords } from '~/words'
import { autofill } from './autofill'

export interface FieldProps {
  /** What the action answered; carries what was typed and what is wrong with it. */
  form: FormReply | undefined
  name: string
  label: string
  hint?: string | undefined
  // Of the input. Name what else your forms need: all there is would cost the type-check more than a page does.
  type?: 'text' | 'email' | 'password' | 'date'
  defaultValue?: string | undefined
  autoComplete?: string
  required?: boolean | undefined
  autoFocus?: boolean | undefined
  inputMode?: 'numeric'
  maxLength?: number
  autoCapitalize?: string
  spellCheck?: boolean
  className?: string
  onInput?: (event: InputEvent<HTMLInputElement>) => void
}

/** A labelled input that says what is wrong with it. A password is never filled in again. */
export function Field({ form, name, label, hint, type = 'text', autoComplete, ...input }: FieldProps) {
  const id = useId()
  const errors = form?.error[name] ?? []
  const [isRevealed, setRevealed] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const described = [hint && `${id}-hint`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ')

  const answered = useRef(form)
  useEffect(() => {
    // Not for the answer the page came with: somebody may have typed before this script was there.
    if (form !== answered.current && box.current && type === 'password') box.current.value = ''
    answered.current = form
  }, [form, type])

  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          {...input}
          {...autofill(autoComplete)}
          ref={box}
          id={id}
          name={name}
          type={isRevealed ? 'text' : type}
          defaultValue={type === 'password' ? undefined : (form?.initialValue[name] ?? input.defaultValue)}
          aria-invalid={errors.length > 0 || undefined}
          aria-describedby={described || undefined}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- without script, this brings the first refused field to the reader
          autoFocus={input.autoFocus === true || errors.length > 0}
        />
        {type === 'password' && <Reveal id={id} isRevealed={isRevealed} onToggle={setRevealed} />}
      </div>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {errors.length > 0 && (
        <p className="field-error" id={`${id}-error`}>
          {errors.map(inWords).join(' ')}
        </p>
      )}
    </div>
  )
}

interface RevealProps {
  id: string
  isRevealed: boolean
  onToggle: (isRevealed: boolean) => void
}

/** Appears with JavaScript only: without it the button could do nothing. */
function Reveal({ id, isRevealed, onToggle }: RevealProps) {
  const hasScript = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  if (!hasScript) return null

  return (
    <button
      type="button"
      className="field-reveal"
      aria-controls={id}
      aria-label={isRevealed ? words.fields.hidePassword : words.fields.showPassword}
      onClick={() => onToggle(!isRevealed)}
    >
      {isRevealed ? words.fields.hide : words.fields.show}
    </button>
  )
}
