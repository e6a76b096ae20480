import { parseEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Limited, SessionEnded } from '../flow-result.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import { clientCharges } from '../limits/client-charges.ts'
import type { Guess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { endOwnSession, inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'

/**
 * Takes one of a session's tries to prove again who it belongs to. Beyond the last the session ends: whoever holds a
 * stolen cookie must not go on guessing the password with it. A right answer gets its try back, so that its network's
 * bucket comes first: each is hashed.
 *
 * @returns `null` when there was a try left.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile: it is not this
 *   one's to end.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function chargeSudo(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
): Promise<SessionEnded | Limited | null> {
  const { client, target } = runtime.policy.limits
  const account = parseEmail(session.user.email)?.canonical ?? null
  const charged = await chargeLimits(
    runtime,
    clientCharges(caller, 'sudo.client', client.signIn, account),
    caller,
  )
  if (!charged.ok) return charged
  const charge = { name: 'sudo.session', subject: session.id, bucket: target.sudo }
  if ((await chargeTarget(runtime, caller, charge, guess)) === null) return null
  await inSessionTransaction(runtime, session, async (tx, own) => {
    await endOwnSession(tx, caller, own)
    await recordAuditEvent(tx, caller, {
      action: 'session.revoked',
      outcome: 'denied',
      subjectId: session.userId,
      targetId: session.id,
      metadata: { reason: 'too-many-sudo-attempts' },
    })
  })
  return { ok: false, reason: 'session-ended' }
}
