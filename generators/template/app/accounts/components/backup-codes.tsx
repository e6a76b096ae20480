import { useSyncExternalStore } from 'react'
import { appName } from '~/brand'

interface BackupCodesProps {
  codes: readonly string[]
  /** Where to go once they are kept. */
  continueTo: string
}

/** Ten codes, on screen this once: to write down, print or download. Nothing of this needs JavaScript but printing. */
export function BackupCodes({ codes, continueTo }: BackupCodesProps) {
  const text = [`Backup codes for ${appName}. Each works once.`, '', ...codes, ''].join('\n')
  return (
    <section className="form" aria-label="Backup codes">
      <p className="notice">
        This is the only time you see them. Keep them where you would keep a spare key, not on the phone
        itself.
      </p>
      <ol className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="actions">
        <a
          className="button button-quiet"
          download="backup-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          Download
        </a>
        <PrintButton />
        {/* A plain link: what comes next is loaded anew, and the codes are gone from memory. */}
        <a className="button" href={continueTo}>
          I have kept them
        </a>
      </div>
    </section>
  )
}

/** Appears with JavaScript only: without it, the browser's own menu prints. */
function PrintButton() {
  const hasScript = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  if (!hasScript) return null
  return (
    <button type="button" className="button button-quiet" onClick={() => window.print()}>
      Print
    </button>
  )
}
