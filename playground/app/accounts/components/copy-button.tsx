import { useState, useSyncExternalStore } from 'react'
import { words } from '~/accounts/words'

/** Appears with JavaScript only: without it, people select and copy by themselves. */
export function CopyButton({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false)
  const canCopy = useSyncExternalStore(
    () => () => {},
    () => 'clipboard' in navigator,
    () => false,
  )
  if (!canCopy) return null
  return (
    <button
      type="button"
      className="button button-quiet"
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
