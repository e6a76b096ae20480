import { type CeremonyFailure, explainCeremonyError, failure } from './explain-ceremony-error.ts'
import { postJson, readRedirect } from './post-json.ts'

/** Where a ceremony happens. */
export interface CeremonyOptions {
  /** Our endpoint: options come from `path` and `/options`, the answer goes to `path`. */
  path: string
  /** What goes along with the answer, read when it is sent: `redirectTo`, `rememberMe`, `nickname`. */
  extra?: (() => object) | undefined
}

/** Where to go now. Load it as a new document: who is signed in may have changed everything on screen. */
export type CeremonyResult = { ok: true; redirect: string } | CeremonyFailure

/** Options from the server, a device that answers them, and the server's word on the answer. */
export async function runCeremony<Options>(
  { path, extra }: CeremonyOptions,
  isOptions: (value: unknown) => value is Options,
  answer: (options: Options) => Promise<unknown>,
): Promise<CeremonyResult> {
  if (!('PublicKeyCredential' in globalThis)) return failure('not-supported')
  const started = await postJson(`${path}/options`, {})
  if (!started.ok) return started
  const elsewhere = readRedirect(started.body)
  if (elsewhere !== null) return { ok: true, redirect: elsewhere }
  const { options } = started.body
  if (!isOptions(options)) return failure('failed')
  let response: unknown
  try {
    response = await answer(options)
  } catch (error) {
    return explainCeremonyError(error)
  }
  const finished = await postJson(path, { ...extra?.(), response })
  if (!finished.ok) return finished
  const redirect = readRedirect(finished.body)
  return redirect === null ? failure('failed') : { ok: true, redirect }
}
