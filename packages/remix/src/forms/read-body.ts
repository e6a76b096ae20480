import type { Bytes } from '@sigra/core'
import { BODY_LIMIT, type BodyLimit } from '../body/body-limit.ts'
import { receiveBody } from '../body/receive-body.ts'
import { refuseBody } from '../body/require-whole-body.ts'
import { findState } from '../request/request-registry.ts'

/**
 * Reads what a form, or a script of a page, may send. Behind a wrapper the body of our own routes is there already, and a
 * host's own may take its time; elsewhere this may be the first to wait for it.
 *
 * @returns `null` when it is too long or broken; the rest is not read, and the connection is left open for the answer.
 * @throws {Response} 408 for what does not arrive within ten seconds.
 */
export async function readBody(request: Request, limit: BodyLimit = BODY_LIMIT): Promise<Bytes | null> {
  const state = findState(request, null)
  const received = await receiveBody(request, {
    ...limit,
    seconds: state?.isWrapped ? null : limit.seconds,
  })
  if (received === 'too-slow') throw refuseBody(state, received)
  return typeof received === 'string' ? null : received
}
