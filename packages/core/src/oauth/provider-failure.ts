import { Overloaded } from '../errors.ts'
import { sanitizeText } from '../text.ts'
import { OutOfBounds } from './bounded-fetch.ts'
import type { ProviderFailure } from './provider.ts'

/** What is wrong with an answer that the library took. */
export class AnswerInvalid extends Error {
  override readonly name = 'AnswerInvalid'
  readonly code: string

  constructor(code: string) {
    super('The answer of a provider does not hold')
    this.code = code
  }
}

const MAX_CODE_LENGTH = 64
const MAX_DEPTH = 8

/**
 * What a failed call came to. Of the error nothing is handed on but its code: the library keeps tokens in `cause`, and what
 * a provider says of an error may be anybody's text.
 *
 * @throws {Overloaded} `SIGRA_OVERLOADED` as it came.
 */
export function explainFailure(error: unknown): ProviderFailure {
  const chain = causesOf(error)
  const overloaded = chain.find((each) => each instanceof Overloaded)
  if (overloaded) throw overloaded
  if (chain.some((each) => each instanceof OutOfBounds)) return failure('unreachable', 'OUT_OF_BOUNDS')
  const [first] = chain
  if (first?.name === 'AuthorizationResponseError') {
    const said = textOf(first, 'error') ?? 'unknown'
    return failure(said === 'access_denied' ? 'cancelled' : 'refused', said)
  }
  if (first?.name === 'ResponseBodyError') return failure('refused', textOf(first, 'error') ?? 'unknown')
  return failure('invalid-answer', (first && textOf(first, 'code')) ?? 'UNEXPECTED')
}

function failure(reason: ProviderFailure['reason'], code: string): ProviderFailure {
  return { ok: false, reason, code: sanitizeText(code, MAX_CODE_LENGTH) }
}

function causesOf(error: unknown): Error[] {
  const chain: Error[] = []
  let next = error
  while (next instanceof Error && chain.length < MAX_DEPTH) {
    chain.push(next)
    next = next.cause
  }
  return chain
}

function textOf(error: Error, property: string): string | null {
  const value: unknown = Reflect.get(error, property)
  return typeof value === 'string' && value !== '' ? value : null
}
