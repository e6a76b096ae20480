import type { Caller } from '../caller.ts'
import { sql, type Sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { resumeSignIn } from '../door/resume-sign-in.ts'
import type { Limited, SignInSuccess } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeCredentialChange } from '../limits/charge-credential-change.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { type ResolvedSession, stepOf } from '../sessions/session.ts'
import { type Document, documentKey } from './documents.ts'
import { acceptedOf } from './posted-documents.ts'
import { recordConsents } from './record-consents.ts'

export type AcceptDocumentsResult =
  | SignInSuccess
  /** A box was left empty, or a document has a newer version than the one that was on the page: nothing was written. */
  | { ok: false; reason: 'not-accepted' }
  /** Nobody is asked for consent here, or the door turns the sign-in away by now. */
  | { ok: false; reason: 'ended' }
  | Limited

/**
 * Writes that somebody accepts the documents that were on the page, and goes on: through the door again where a sign-in
 * waited for it, as the same session where a live one met a new version.
 *
 * @param input `documents`: name and version of each that was on the page, `terms:2026-12-01 privacy:3`.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const acceptUserDocuments = defineFlow(
  {
    name: 'acceptUserDocuments',
    principal: 'pending',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'account.consent',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { documents?: unknown },
  ): Promise<AcceptDocumentsResult> => {
    const { session } = caller
    if (session === null || stepOf(session) !== 'consent') return { ok: false, reason: 'ended' }
    const limited = await chargeCredentialChange(runtime, caller, session.userId)
    if (limited) return limited
    const accepted = acceptedOf(runtime.documents, input.documents)
    type Result = AcceptDocumentsResult
    return inSessionTransaction<Result, Result>(runtime, session, async (tx, own, undo) => {
      const kept = await tx.rows<Consent>(consentsOf(runtime, session))
      if (missingOf(runtime.documents, kept).some((document) => !accepted.includes(document)))
        return { ok: false, reason: 'not-accepted' }
      const meanwhile = () => recordConsents(tx, caller, own.userId, accepted)
      if (session.awaiting === null) {
        await meanwhile()
        return { ok: true, outcome: 'signed-in', userId: own.userId }
      }
      const resumed = await resumeSignIn(tx, caller, own, null, { method: 'consent', meanwhile })
      return resumed.ok ? resumed : undo({ ok: false, reason: 'ended' })
    })
  },
)

/**
 * What somebody is asked to accept, in the versions of now.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserDocuments = defineFlow(
  {
    name: 'getUserDocuments',
    principal: 'pending',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<Document[]> => {
    if (session === null || stepOf(session) !== 'consent') return []
    const kept = await statement<Consent>(runtime, consentsOf(runtime, session))
    return missingOf(runtime.documents, kept)
  },
)

/** What was accepted, as a row says it. */
interface Consent {
  name: string
  version: string
}

function consentsOf({ tables }: Pick<Runtime, 'tables'>, { userId }: ResolvedSession): Sql {
  return sql`
    select document as name, version from ${tables.userConsent.name} where user_id = ${userId}`
}

function missingOf(documents: readonly Document[], kept: readonly Consent[]): Document[] {
  const keys = new Set(kept.map(documentKey))
  return documents.filter((document) => !keys.has(documentKey(document)))
}
