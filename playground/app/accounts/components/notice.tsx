import { isRefusal } from '~/accounts/notices'

/** A message carried over from the page before. Screen readers say it without moving the focus. */
export function Notice({ message }: { message: string | null | undefined }) {
  if (!message) return null
  if (!isRefusal(message)) return <output className="notice">{message}</output>
  return (
    <p className="alert" role="alert">
      {message}
    </p>
  )
}
