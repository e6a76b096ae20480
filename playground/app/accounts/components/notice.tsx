/** A message carried over from the page before. Screen readers say it without moving the focus. */
export function Notice({ message }: { message: string | null | undefined }) {
  return message ? <output className="notice">{message}</output> : null
}
