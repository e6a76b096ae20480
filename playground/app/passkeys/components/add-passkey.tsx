import { words } from '~/passkeys/words'
import { PasskeyProblem } from './passkey-problem'
import { usePasskey } from './use-passkey'

interface AddPasskeyProps {
  /** Where the ceremony happens: `/users/settings/mfa/passkeys`. */
  path: string
  redirectTo?: string | null
  /** Another way stands in front of it. */
  isQuiet?: boolean
}

/** Makes a passkey on this device, on a phone or on a key. */
export function AddPasskey({ path, redirectTo, isQuiet = false }: AddPasskeyProps) {
  const { support, isBusy, problem, run } = usePasskey()

  if (support === 'none') return <p className="soft">{words.cannotAdd}</p>
  return (
    <div className="attempt">
      <PasskeyProblem message={problem} />
      <button
        type="button"
        className={isQuiet ? 'button button-quiet needs-script' : 'button needs-script'}
        disabled={support === 'asleep'}
        aria-busy={isBusy || undefined}
        onClick={() =>
          void (
            isBusy ||
            run((client) =>
              client.addPasskey({ path, extra: () => ({ redirectTo: redirectTo ?? undefined }) }),
            )
          )
        }
      >
        {words.add}
      </button>
      <p className="soft without-script">{words.needsScript}</p>
    </div>
  )
}
