import type { MouseEvent, ReactNode } from 'react'
import { useNavigation } from 'react-router'

interface SubmitProps {
  children: ReactNode
  /** Tells the action which button was pressed, where a page has more than one. */
  intent?: string
  className?: string
  /** Sends the form although fields that another button needs are empty. */
  skipsValidation?: boolean
}

export function Submit({ children, intent, className = 'button', skipsValidation = false }: SubmitProps) {
  const { formData } = useNavigation()
  const isSending = formData !== undefined && (formData.get('intent') ?? undefined) === intent

  return (
    <button
      className={className}
      name={intent && 'intent'}
      value={intent}
      formNoValidate={skipsValidation}
      aria-busy={isSending || undefined}
      onClick={ignoreDoubleClick}
    >
      {children}
    </button>
  )
}

/** The second answer would be about a page that the first has ended: a sign-in that is done, a code that is used. */
function ignoreDoubleClick(event: MouseEvent): void {
  if (event.detail > 1) event.preventDefault()
}
