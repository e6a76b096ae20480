/** A point in time, in UTC: the server does not know where its reader is. */
export function Moment({ at }: { at: Date }) {
  const text = at.toISOString()
  return <time dateTime={text}>{`${text.slice(0, 10)} ${text.slice(11, 16)} UTC`}</time>
}
