import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MILLISECONDS = 100
const REQUEST_MILLISECONDS = 30_000 // the first page of a cold development server may be slow

/** Waits until `url` answers with anything but a server error. False when `signal` ends the wait first. */
export async function waitForPage(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLISECONDS)])
    const status = await fetch(url, { signal: limit, redirect: 'manual' }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => null,
    )
    if (status !== null && status < 500) return true
    await sleep(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined)
  }
  return false
}
