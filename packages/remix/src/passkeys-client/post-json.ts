import { type CeremonyFailure, failure } from './explain-ceremony-error.ts'

/** What our server answers a script with. */
export type Answer = { ok: true; body: Readonly<Record<string, unknown>> } | CeremonyFailure

/** Posts JSON to our own server. A refusal comes with its words; whatever is no answer of ours is none at all. */
export async function postJson(path: string, value: unknown): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(value),
      credentials: 'same-origin',
    })
    // The session went on without this page: loaded anew, it says what is true by now.
    if (response.status === 401) return { ok: true, body: { redirect: location.pathname + location.search } }
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null) return failure('failed')
    const answer: Readonly<Record<string, unknown>> = { ...body }
    // Also a refusal may lead somewhere: to log in again, or to prove who one is.
    if (response.ok || readRedirect(answer) !== null) return { ok: true, body: answer }
    const { message } = answer
    return typeof message === 'string' ? { ok: false, reason: 'refused', message } : failure('failed')
  } catch {
    return failure('unreachable')
  }
}

/** A path of our own; anything else would lead people away. */
export function readRedirect({ redirect }: Readonly<Record<string, unknown>>): string | null {
  return typeof redirect === 'string' && /^\/(?![/\\])/.test(redirect) ? redirect : null
}
