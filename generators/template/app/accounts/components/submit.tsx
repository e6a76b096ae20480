import type { ReactNode } from 'react'
import { useSentIntent } from './form'

interface SubmitProps {
  children: ReactNode
  /** Tells the action which button was pressed, where a page has more than one. */
  intent?: string
  className?: string
  /** Sends the form although fields that another button needs are empty. */
  skipsValidation?: boolean
  disabled?: boolean
}

export function Submit({
  children,
  intent,
  className = 'button',
  skipsValidation = false,
  disabled = false,
}: SubmitProps) {
  const isSending = useSentIntent() === (intent ?? '')

  return (
    <button
      className={className}
      name={intent && 'intent'}
      value={intent}
      formNoValidate={skipsValidation}
      disabled={disabled}
      aria-busy={isSending || undefined}
    >
      {children}
    </button>
  )
}
