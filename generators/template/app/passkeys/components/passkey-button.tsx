// sigra:file passkeys
import { useEffect, useState, type ReactNode } from 'react'
import { words } from '~/passkeys/words'
import { PasskeyProblem } from './passkey-problem'
import { inWords, leaveTo, loadClient, usePasskey } from './use-passkey'

interface PasskeyButtonProps {
  /** Where the ceremony happens: `/users/log-in/passkey`. */
  path: string
  children: ReactNode
  /** Where to go afterwards. */
  redirectTo?: string | null | undefined
  /** Also offers passkeys in the list under the e-mail field, as long as the page is open. */
  offersList?: boolean
  /** Another way stands in front of it. */
  isQuiet?: boolean
}

/** Asks for a passkey. Without JavaScript it is not there; without passkeys in the browser it says so. */
export function PasskeyButton({
  path,
  children,
  redirectTo,
  offersList = false,
  isQuiet = false,
}: PasskeyButtonProps) {
  const { support, isBusy, problem, setProblem, run } = usePasskey()
  const [round, setRound] = useState(0)

  async function ask() {
    const isDone = await run((client) => client.askForPasskey({ path, extra: () => readExtra(redirectTo) }))
    if (!isDone) setRound(round + 1) // the dialog took the place of the list: offer it again
  }

  if (support === 'none') return <p className="soft">{words.cannotUse}</p>
  return (
    <div className="attempt needs-script">
      <PasskeyProblem message={problem} />
      <button
        type="button"
        className={isQuiet ? 'button button-quiet' : 'button'}
        disabled={support === 'asleep'}
        aria-busy={isBusy || undefined}
        onClick={() => void (isBusy || ask())}
      >
        {children}
      </button>
      {offersList && support === 'ready' && (
        <PasskeyOffer key={round} path={path} redirectTo={redirectTo} onRefused={setProblem} />
      )}
    </div>
  )
}

interface PasskeyOfferProps extends Pick<PasskeyButtonProps, 'path' | 'redirectTo'> {
  onRefused: (message: string) => void
}

/** Passkeys in the list that a browser opens under the e-mail field. */
function PasskeyOffer({ path, redirectTo, onRefused }: PasskeyOfferProps) {
  useEffect(() => {
    let isLeft = false
    let stop = () => {}
    void loadClient()
      .then((client) => {
        if (isLeft) return
        stop = client.offerPasskeys({
          path,
          extra: () => readExtra(redirectTo),
          onSignedIn: leaveTo,
          onRefused: (failure) => onRefused(inWords(failure)),
        })
      })
      .catch(() => {}) // the button says so when it is pressed
    return () => {
      isLeft = true
      stop()
    }
  }, [path, redirectTo, onRefused])

  return null
}

/** With what is ticked on the page when it counts: to be remembered, or to trust this browser. */
function readExtra(redirectTo: string | null | undefined): object {
  const ticked = document.querySelectorAll<HTMLInputElement>('main input[type=checkbox]:checked')
  const checks = Object.fromEntries([...ticked].map(({ name }) => [name, true]))
  return { ...checks, ...(redirectTo ? { redirectTo } : {}) }
}
