// sigra:file passkeys
import { useEffect, useState, type ReactNode } from 'react'
import { PasskeyProblem } from './passkey-problem'
import { leaveTo, loadClient, usePasskey } from './use-passkey'

interface PasskeyButtonProps {
  /** Where the ceremony happens: `/users/log-in/passkey`. */
  path: string
  children: ReactNode
  /** Where to go afterwards. */
  redirectTo?: string | null | undefined
  /** Also offers passkeys in the list under the e-mail field, as long as the page is open. */
  offersList?: boolean
  /** The form on the page whose checkboxes count here too: `rememberMe`, `trustBrowser`. */
  options?: string | undefined
  /** Another way stands in front of it. */
  isQuiet?: boolean
}

/** Asks for a passkey. Without JavaScript it is not there; without passkeys in the browser it says so. */
export function PasskeyButton({
  path,
  children,
  redirectTo,
  offersList = false,
  options,
  isQuiet = false,
}: PasskeyButtonProps) {
  const { support, isBusy, problem, setProblem, run } = usePasskey()
  const [round, setRound] = useState(0)

  async function ask() {
    const isDone = await run((client) =>
      client.askForPasskey({ path, extra: () => readExtra(redirectTo, options) }),
    )
    if (!isDone) setRound(round + 1) // the dialog took the place of the list: offer it again
  }

  if (support === 'none') return <p className="soft">This browser cannot use passkeys.</p>
  return (
    <div className="passkey needs-script">
      <PasskeyProblem message={problem} />
      <button
        type="button"
        className={isQuiet ? 'button button-quiet' : 'button'}
        disabled={support === 'asleep'}
        aria-busy={isBusy || undefined}
        onClick={() => void ask()}
      >
        {children}
      </button>
      {offersList && support === 'ready' && (
        <PasskeyOffer key={round} {...{ path, redirectTo, options }} onRefused={setProblem} />
      )}
    </div>
  )
}

interface PasskeyOfferProps extends Pick<PasskeyButtonProps, 'path' | 'redirectTo' | 'options'> {
  onRefused: (message: string) => void
}

/** Passkeys in the list that a browser opens under the e-mail field. */
function PasskeyOffer({ path, redirectTo, options, onRefused }: PasskeyOfferProps) {
  useEffect(() => {
    let isLeft = false
    let stop = () => {}
    void loadClient()
      .then((client) => {
        if (isLeft) return
        stop = client.offerPasskeys({
          path,
          extra: () => readExtra(redirectTo, options),
          onSignedIn: leaveTo,
          onRefused: ({ message }) => onRefused(message),
        })
      })
      .catch(() => {}) // the button says so when it is pressed
    return () => {
      isLeft = true
      stop()
    }
  }, [path, redirectTo, options, onRefused])

  return null
}

/** Read when it counts: what was ticked a moment ago. */
function readExtra(redirectTo: string | null | undefined, form: string | undefined): object {
  const element = form === undefined ? null : document.getElementById(form)
  const boxes = element?.querySelectorAll<HTMLInputElement>('input[type=checkbox]') ?? []
  const checks = Object.fromEntries([...boxes].map(({ name, checked }) => [name, checked]))
  return { ...checks, ...(redirectTo ? { redirectTo } : {}) }
}
