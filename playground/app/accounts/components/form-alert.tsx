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
  const { '': general, ...fields } = form?.error ?? {}
  const count = Object.keys(fields).length

  useEffect(() => {
    if (!isRefused(form)) return
    const field = alert.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]')
    const target = field ?? alert.current
    target?.focus()
  }, [form])

  if (!isRefused(form)) return null
  return (
    // A single field says itself what is wrong with it, where it is on the page.
    <div
      className={!general && count === 1 ? 'alert alert-one' : 'alert'}
      role="alert"
      tabIndex={-1}
      ref={alert}
    >
      {general
        ? general.map(inWords).join(' ')
        : count === 1
          ? words.form.oneField
          : words.form.severalFields(count)}
      {children}
    </div>
  )
}

function isRefused(form: FormReply | undefined): boolean {
  return Object.keys(form?.error ?? {}).length > 0
}
