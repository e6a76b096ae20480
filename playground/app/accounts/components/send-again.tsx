import { useEffect, useState, useSyncExternalStore } from 'react'
import { useLocation } from 'react-router'
import { words } from '~/accounts/words'
import { Submit } from './submit'

const SECONDS = 30

interface SendAgainProps {
  children: string
  /** Whether a message has just been sent. */
  waits: boolean
}

/**
 * A button to have a message sent again, after it had time to arrive. Without script it works at once; how many messages
 * there may be is the server's to say.
 */
export function SendAgain({ children, waits }: SendAgainProps) {
  const { key } = useLocation() // another one for each page that is shown
  const hasScript = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  if (hasScript && waits) return <Countdown key={key}>{children}</Countdown>
  return <SendButton>{children}</SendButton>
}

function Countdown({ children }: Pick<SendAgainProps, 'children'>) {
  const [left, setLeft] = useState(SECONDS)

  useEffect(() => {
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000)
    return () => clearInterval(timer)
  }, [])

  return (
    <SendButton disabled={left > 0}>
      {left > 0 ? words.form.sendAgainIn(children, left) : children}
    </SendButton>
  )
}

function SendButton({ children, disabled = false }: { children: string; disabled?: boolean }) {
  return (
    <Submit intent="resend" className="button-link" disabled={disabled}>
      {children}
    </Submit>
  )
}
