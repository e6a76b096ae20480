import { useEffect, useState, useSyncExternalStore } from 'react'
import type * as Client from '@sigra/remix/passkeys-client'
import { words } from '~/passkeys/words'

/** Before the page is awake a button of it does nothing: it is drawn, and waits. */
type Support = 'asleep' | 'none' | 'ready'

/** A ceremony that a button of this page begins. */
export function usePasskey() {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const support = useSyncExternalStore<Support>(
    () => () => {},
    () => ('PublicKeyCredential' in window ? 'ready' : 'none'),
    () => 'asleep',
  )

  useEffect(() => {
    // Loaded ahead of the click: browsers open their dialog only right after one.
    if (support === 'ready') void loadClient().catch(() => {})
  }, [support])

  async function run(ceremony: (client: typeof Client) => Promise<Client.CeremonyResult>): Promise<boolean> {
    setBusy(true)
    setProblem(null)
    const result = await loadClient().then(ceremony, () => unreachable)
    if (result.ok) {
      leaveTo(result.redirect)
      return true
    }
    setBusy(false)
    setProblem(inWords(result))
    return false
  }

  return { support, isBusy, problem, setProblem, run }
}

/** A chunk of its own: pages without passkeys load nothing of it. */
export function loadClient(): Promise<typeof Client> {
  return import('@sigra/remix/passkeys-client')
}

/** Who is signed in changes everything on screen: the browser loads the next page anew. */
export function leaveTo(path: string): void {
  window.location.assign(path)
}

const unreachable = { ok: false, reason: 'unreachable' } as const

/** What the server refused comes with its sentence. */
export function inWords(failure: Client.CeremonyFailure): string {
  return failure.reason === 'refused' ? failure.message : words.ceremony[failure.reason]
}
