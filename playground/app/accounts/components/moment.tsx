import { useSyncExternalStore } from 'react'
import { words } from '~/accounts/words'

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const LONGEST_DAYS = 30

/**
 * How long ago something was, and the instant as its title: in UTC, as the server does not know where its reader is, and in
 * the reader's own zone once a script runs.
 */
export function Moment({ at }: { at: Date }) {
  const isUtc = useSyncExternalStore(
    () => () => {},
    () => false,
    () => true,
  )
  return (
    // What the server said may be a second old by now, in another zone.
    <time dateTime={at.toISOString()} title={instant(at, isUtc)} suppressHydrationWarning>
      {ago(at, isUtc)}
    </time>
  )
}

function instant(at: Date, isUtc: boolean): string {
  const { language } = words.moment
  return isUtc
    ? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' }).format(at)
    : new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(at)
}

function ago(at: Date, isUtc: boolean): string {
  const { language, justNow } = words.moment
  const seconds = (Date.now() - at.getTime()) / 1000
  if (seconds > LONGEST_DAYS * 86_400) {
    const zone = isUtc ? { timeZone: 'UTC' } : {}
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', ...zone }).format(at)
  }
  const unit = units.find(([, length]) => seconds >= length)
  if (!unit) return justNow
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(
    -Math.floor(seconds / unit[1]),
    unit[0],
  )
}
