import type { ReactNode } from 'react'
import { useNavigation } from 'react-router'

interface SubmitProps {
  children: ReactNode
  /** Tells the action which button was pressed, where a page has more than one. */
  intent?: string
  className?: string
}

export function Submit({ children, intent, className = 'button' }: SubmitProps) {
  const { formData } = useNavigation()
  const isSending = formData !== undefined && (formData.get('intent') ?? undefined) === intent

  return (
    <button className={className} name={intent && 'intent'} value={intent} aria-busy={isSending || undefined}>
      {children}
    </button>
  )
}
