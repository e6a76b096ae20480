import { type CanonicalEmail, encodeBase64Url, parseEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { chargeMailClient, chargeMailTarget } from './charge-mail-sending.ts'
import { createMailId, createTokenSource, enqueueRequestedMail } from './enqueue-mail.ts'
import type { RequestedMail, TokenMail } from './mail-payload.ts'

export interface RequestOptions {
  redirectTo?: string | null
  /** In whose name the mail is asked for: it must go on. @default nobody's */
  session?: ResolvedSession
}

/**
 * Asks for a mail with a link. Who has an account is not read here: limits, one job, the same for any address; the
 * worker finds out whether anybody is to get it.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session in whose name it is asked for has ended or gone on
 *   meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function requestMail(
  runtime: Runtime,
  caller: Caller,
  kind: TokenMail['kind'],
  typedAddress: unknown,
  { session, ...options }: RequestOptions = {},
): Promise<{ ok: true } | Limited> {
  const address = parseEmail(typedAddress)?.canonical ?? null
  const limited = await chargeMailClient(runtime, caller, address)
  if (!limited.ok) return limited
  if (address === null || !(await chargeMailTarget(runtime, caller, address))) return { ok: true }

  const mail = {
    kind,
    ...describeRequest(runtime, caller, address),
    ...createTokenSource(runtime),
    ...options,
  }
  if (session) {
    await inSessionTransaction(runtime, session, (tx) =>
      enqueueRequestedMail(runtime, mail, (query) => tx.rows(query)),
    )
  } else await enqueueRequestedMail(runtime, mail)
  return { ok: true }
}

/** What a mail keeps of the request that asked for it, all but its time. */
export function describeRequest(
  runtime: Runtime,
  caller: Caller,
  address: CanonicalEmail,
): Omit<RequestedMail, 'requestedAt'> {
  return {
    mailId: createMailId(runtime),
    address,
    browserHash: caller.browserToken && encodeBase64Url(hashBrowserToken(caller.browserToken)),
    ip: caller.clientAddress,
    userAgent: caller.userAgent?.slice(0, runtime.policy.audit.maxUserAgentLength) ?? null,
    requestId: caller.requestId,
  }
}
