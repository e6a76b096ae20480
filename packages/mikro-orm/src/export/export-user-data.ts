import { SigraError } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Busy, Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import { readStamp } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { notifyOwner } from '../second-factor/notify-owner.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { takeExportPlace } from './export-places.ts'
import { writeExport } from './write-export.ts'

export type ExportResult =
  | {
      ok: true
      pieces: ExportPieces
    }
  | Limited
  | Busy

/** A file that is read piece by piece, as fast as somebody takes it. */
export interface ExportPieces {
  /** @returns `null` at its end. */
  next(): Promise<string | null>
  /** For whoever stops early. */
  stop(): Promise<void>
}

/** An export did not come to its end in the time that the policy gives it. */
export class ExportTooSlow extends SigraError {
  override readonly name = 'ExportTooSlow'
  readonly code = 'SIGRA_EXPORT_TOO_SLOW'
}

const RETRY_SECONDS = 60

/**
 * Hands out what is kept about the signed-in user, as JSON, without any secret. The audit line and the notice to the owner
 * commit before the first piece: whoever got one piece was noticed.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for a session without a fresh sudo.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const exportUserData = defineFlow(
  {
    name: 'exportUserData',
    principal: 'session',
    changes: true,
    sudo: 'export-data',
    impersonation: 'refused',
    channel: 'account.export',
  },
  async (runtime: Runtime, caller: SudoCaller): Promise<ExportResult> => {
    const { session } = caller
    const { perDay } = runtime.policy.export
    const giveBack = takeExportPlace(runtime)
    if (giveBack === null) return { ok: false, reason: 'busy', retryAfterSeconds: RETRY_SECONDS }
    try {
      const bucket = { capacity: perDay, perSeconds: 86_400 }
      const charge = { name: 'export.account', subject: session.userId, bucket }
      const limited = await chargeTarget(runtime, caller, charge, null)
      if (limited !== null) {
        giveBack()
        return limited
      }
      const exportedAt = await inSessionTransaction(runtime, session, async (tx, { userId }) => {
        const begun = await readStamp(tx)
        const about = { actorId: userId, subjectId: userId, outcome: 'success' } as const
        const eventId = await recordAuditEvent(tx, caller, { action: 'account.exported', ...about })
        await notifyOwner(tx, userId, 'dataExported', eventId)
        return begun
      })
      const pieces = writeExport(runtime, session.userId, exportedAt)
      return { ok: true, pieces: inTime(pieces, runtime.policy.export.minutes, giveBack) }
    } catch (error) {
      giveBack()
      throw error
    }
  },
)

/** Cuts off what takes too long, and gives the place back whatever becomes of it: also where nobody begins to read. */
function inTime(
  pieces: AsyncGenerator<string, void, void>,
  minutes: number,
  giveBack: () => void,
): ExportPieces {
  const end = performance.now() + minutes * 60_000
  return {
    async next() {
      try {
        if (performance.now() > end)
          throw new ExportTooSlow('An export took longer than policy.export.minutes')
        const piece = await pieces.next()
        if (piece.done === true) giveBack()
        return piece.done === true ? null : piece.value
      } catch (error) {
        giveBack()
        throw error
      }
    },
    async stop() {
      giveBack()
      await pieces.return()
    },
  }
}
