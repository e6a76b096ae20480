import type { RequestState } from './request-state.ts'

/** The headers of an answer under way: a web `Headers`, or what a Node response has in their place. */
export interface AnswerHeaders {
  get(name: string): string | null
  set(name: string, value: string): void
  getSetCookie(): string[]
  setCookies(values: readonly string[]): void
}

/** What the answer owes the browser: each cookie once, and nothing cached that belongs to one person. */
export function takeHeaders(state: RequestState): Headers {
  const headers = new Headers(state.answerHeaders)
  if (isPersonal(state)) headers.set('Cache-Control', 'no-store')
  if (state.isSessionAsked) headers.set('Vary', 'Cookie')
  for (const cookie of state.jar.take()) headers.append('Set-Cookie', cookie)
  return headers
}

/** Puts what is owed into an answer that is about to leave, whoever may have put a part of it there before. */
export function completeHeaders(state: RequestState, status: number, headers: AnswerHeaders): void {
  for (const [name, value] of state.answerHeaders) headers.set(name, value)
  const isRefused = status === 429 || status === 503
  if (isRefused && state.retryAfter !== null) headers.set('Retry-After', state.retryAfter)
  if (isPersonal(state)) headers.set('Cache-Control', 'no-store')
  if (state.isSessionAsked) headers.set('Vary', withField(headers.get('Vary'), 'Cookie'))
  if (state.jar.isUsed) headers.setCookies(state.jar.complete(headers.getSetCookie()))
}

/** The headers of a web answer. */
export function webHeaders(headers: Headers): AnswerHeaders {
  return {
    get: (name) => headers.get(name),
    set: (name, value) => headers.set(name, value),
    getSetCookie: () => headers.getSetCookie(),
    setCookies(values) {
      headers.delete('Set-Cookie')
      for (const value of values) headers.append('Set-Cookie', value)
    },
  }
}

function withField(list: string | null, field: string): string {
  if (list === null) return field
  const known = list.split(',').map((each) => each.trim().toLowerCase())
  return known.includes('*') || known.includes(field.toLowerCase()) ? list : `${list}, ${field}`
}

/** Whether the answer belongs to one browser alone. */
function isPersonal(state: RequestState): boolean {
  const isSessions = state.isSessionAsked && state.cookies.values.session !== null
  return state.jar.isUsed || state.isMailFlowAsked || isSessions
}
