import { useEffect, useRef, type ReactNode } from 'react'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { inWords } from '~/words'

interface FormAlertProps {
  form: FormReply | undefined
  /** Shown after the message, for example a link to what helps. */
  children?: ReactNode
}

/** Says that a form was refused, and moves the focus to the first field that needs attention. */
export function FormAlert({ form, children }: FormAlertProps) {
  const alert = useRef<HTMLDivElement>(null)
  const message = refusal(form)

  useEffect(() => {
    if (!refusal(form)) return
    const field = alert.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]')
    const target = field ?? alert.current
    target?.focus()
  }, [form])

  if (!message) return null
  return (
    // A single field says itself what is wrong with it, where it is on the page.
    <div
      className={message === words.form.oneField ? 'alert alert-one' : 'alert'}
      role="alert"
      tabIndex={-1}
      ref={alert}
    >
      {message}
      {children}
    </div>
  )
}

function refusal(form: FormReply | undefined): string | null {
  const errors = form?.error ?? {}
  const general = errors['']
  if (general) return general.map(inWords).join(' ')
  const fields = Object.keys(errors).length
  if (fields === 0) return null
  return fields === 1 ? words.form.oneField : words.form.severalFields(fields)
}
