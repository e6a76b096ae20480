import { sanitizeText } from '@sigra/core'
import type { Edge } from './edge.ts'
import type { RequestState } from './request/request-state.ts'

const MAX_LOGGED_LENGTH = 2000

/** What somebody sees of a failure: that it happened, and how to ask about it. */
export function failureText(state: RequestState): string {
  return `Something went wrong on our side. Please try again in a moment.\nRequest ${state.requestId}\n`
}

/** What the operator sees: all of it, on one line of the log. */
export function logFailure(edge: Edge, state: RequestState, error: unknown): void {
  const known = error instanceof Error ? error : new Error('something that is no Error was thrown')
  edge.runtime.logger.error('request.failed', {
    requestId: state.requestId,
    name: known.name,
    message: sanitizeText(known.message, MAX_LOGGED_LENGTH),
    stack: sanitizeText(known.stack ?? '', MAX_LOGGED_LENGTH),
  })
}
