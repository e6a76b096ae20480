import type { RequestState } from '../request/request-state.ts'

const sentences = {
  403: 'Your role does not allow this.',
  404: 'There is nothing here.',
  409: 'This page showed another organization. Open it again.',
} as const

/** How a page of an organization is refused: the error page of the app says it in its words, by the status. */
export function refusedBy({ requestId }: RequestState, status: keyof typeof sentences): Response {
  const text = `${sentences[status]}\nRequest ${requestId}\n`
  return new Response(text, { status, headers: { 'Cache-Control': 'no-store' } })
}
