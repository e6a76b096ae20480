import { useState, useSyncExternalStore } from 'react'
import { words } from '~/accounts/words'

/** Without JavaScript, people select and copy by themselves. Its place is kept until the script is there: nothing beside it moves. */
export function CopyButton({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false)
  const support = useSyncExternalStore<'asleep' | 'there' | 'none'>(
    () => () => {},
    () => ('clipboard' in navigator ? 'there' : 'none'),
    () => 'asleep',
  )
  if (support === 'none') return null
  return (
    <button
      type="button"
      className="button button-quiet needs-script"
      disabled={support === 'asleep'}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => {},
        )
      }
    >
      <span aria-live="polite">{isCopied ? words.copy.done : words.copy.button}</span>
    </button>
  )
}
