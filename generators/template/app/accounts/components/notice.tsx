import type { FlashWords } from '~/accounts/flashes'
import { flashes, type Flash } from '~/flashes'

const words: Partial<Record<string, FlashWords>> = flashes

/** A message carried over from the page before. Screen readers say it without moving the focus. */
export function Notice({ message }: { message: Flash | null | undefined }) {
  const [key = '', value = ''] = [message ?? []].flat()
  const said = words[key]
  if (said === undefined) return null
  if (typeof said !== 'object') {
    return <output className="notice">{typeof said === 'string' ? said : said(value)}</output>
  }
  return (
    <p className="alert" role="alert">
      {said.refusal}
    </p>
  )
}
