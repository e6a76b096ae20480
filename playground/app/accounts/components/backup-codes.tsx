import { useSyncExternalStore } from 'react'
import { words } from '~/accounts/words'
import { appName } from '~/brand'
import { CopyButton } from './copy-button'

interface BackupCodesProps {
  codes: readonly string[]
  /** Where to go once they are kept. */
  continueTo: string
}

/** The codes, on screen this once: to write down, print or download. Nothing of this needs JavaScript but printing. */
export function BackupCodes({ codes, continueTo }: BackupCodesProps) {
  const text = [words.backupCodes.file(appName), '', ...codes, ''].join('\n')
  return (
    <section className="form" aria-label={words.backupCodes.label}>
      <p className="notice">{words.backupCodes.once}</p>
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
          download={words.backupCodes.fileName}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          {words.backupCodes.download}
        </a>
        <CopyButton text={text} />
        <PrintButton />
        {/* A plain link: what comes next is loaded anew, and the codes are gone from memory. */}
        <a className="button" href={continueTo}>
          {words.backupCodes.saved}
        </a>
      </div>
    </section>
  )
}

/** Without JavaScript, the browser's own menu prints. Its place is kept until the script is there: a link that moves is missed. */
function PrintButton() {
  const hasScript = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  return (
    <button
      type="button"
      className="button button-quiet needs-script"
      disabled={!hasScript}
      onClick={() => window.print()}
    >
      {words.backupCodes.print}
    </button>
  )
}
