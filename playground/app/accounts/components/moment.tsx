import { useSyncExternalStore } from 'react'
import { words } from '~/accounts/words'

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const LONGEST_DAYS = 30

const { language, justNow } = words.moment

// Made once: making a format costs more than all else that a page does for a moment.
const formats = {
  instant: new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }),
  instantInUtc: new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' }),
  day: new Intl.DateTimeFormat(language, { dateStyle: 'long' }),
  dayInUtc: new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }),
  ago: new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
}

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
  return (isUtc ? formats.instantInUtc : formats.instant).format(at)
}

function ago(at: Date, isUtc: boolean): string {
  const seconds = (Date.now() - at.getTime()) / 1000
  if (seconds > LONGEST_DAYS * 86_400) return (isUtc ? formats.dayInUtc : formats.day).format(at)
  const unit = units.find(([, length]) => seconds >= length)
  return unit ? formats.ago.format(-Math.floor(seconds / unit[1]), unit[0]) : justNow
}
