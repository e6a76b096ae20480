import { Overloaded } from '@sigra/core'
import { DatabaseUnavailable } from '@sigra/mikro-orm'
import { jsonAnswer } from './json-answer.ts'
import type { RequestState } from './request/request-state.ts'
import type { Visit } from './request/visit.ts'

/**
 * Turns "cannot be decided now" into an answer: nothing is let through, and the page can name the request.
 *
 * @throws {Response} 503 with `Retry-After` and `{ requestId }` as its data.
 */
export async function orUnavailable<T>({ edge, state }: Visit, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnavailable(error)) throw error
    edge.runtime.logger.error('request.unavailable', {
      requestId: state.requestId,
      code: error.code,
      ...(error.cause instanceof Error ? { cause: error.cause.message } : {}),
    })
    throw unavailable(state, error.retryAfterSeconds)
  }
}

/** 503 with `Retry-After`; its data is what an error page may show. */
export function unavailable(state: RequestState, retryAfterSeconds: number): Response {
  state.answerHeaders.set('Retry-After', String(retryAfterSeconds))
  state.answerHeaders.set('Cache-Control', 'no-store')
  return jsonAnswer(
    { requestId: state.requestId },
    {
      status: 503,
      statusText: 'Service Unavailable',
      headers: { 'Retry-After': String(retryAfterSeconds), 'Cache-Control': 'no-store' },
    },
  )
}

type Unavailable = Error & { code: string; retryAfterSeconds: number }

/** By code too: the library can be loaded twice, and a class is then two classes. */
function isUnavailable(error: unknown): error is Unavailable {
  if (error instanceof DatabaseUnavailable || error instanceof Overloaded) return true
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'SIGRA_DATABASE_UNAVAILABLE' || error.code === 'SIGRA_OVERLOADED')
  )
}
