// sigra:file passkeys
import { useEffect, useRef } from 'react'

/** Why a ceremony came to nothing; takes the focus, as the dialog of the browser has closed. */
export function PasskeyProblem({ message }: { message: string | null }) {
  const alert = useRef<HTMLParagraphElement>(null)

  useEffect(() => {
    if (message) alert.current?.focus()
  }, [message])

  if (!message) return null
  return (
    <p className="alert" role="alert" tabIndex={-1} ref={alert}>
      {message}
    </p>
  )
}
