import type { RequestState } from './request-state.ts'

/** What the answer owes the browser: each cookie once, and nothing cached that belongs to one person. */
export function takeHeaders(state: RequestState): Headers {
  const headers = new Headers(state.answerHeaders)
  if (isPersonal(state)) headers.set('Cache-Control', 'no-store')
  if (state.isSessionAsked) headers.set('Vary', 'Cookie')
  for (const cookie of state.jar.take()) headers.append('Set-Cookie', cookie)
  return headers
}

/** Whether the answer belongs to one browser alone. */
export function isPersonal(state: RequestState): boolean {
  return !state.jar.isEmpty || (state.isSessionAsked && state.cookies.values.session !== null)
}
