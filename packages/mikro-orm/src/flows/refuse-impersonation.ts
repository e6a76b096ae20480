import { SigraError } from '@sigra/core'
import type { Caller } from '../caller.ts'

/** Somebody acts as another person, or may only look, and called what is refused then. The edge answers 403. */
export class ImpersonationRefused extends SigraError {
  override readonly name = 'ImpersonationRefused'
  readonly code = 'SIGRA_IMPERSONATION_REFUSED'
}

/**
 * Lets nobody pass who acts as somebody else, whether they may change anything meanwhile or not.
 *
 * @throws {ImpersonationRefused} `SIGRA_IMPERSONATION_REFUSED` for those.
 */
export function refuseImpersonation({
  principal = null,
  session = null,
}: Partial<Pick<Caller, 'principal' | 'session'>>): void {
  const isSomebodyElse = principal !== null && principal.effectiveId !== null
  if (isSomebodyElse || session?.mayWrite === false)
    throw new ImpersonationRefused('This is not done in the name of somebody else')
}
