import type { FlowContext } from '../context.ts'
import type { Transaction } from '../database/transaction.ts'

export type TurnedAway = { ok: false; reason: 'session-ended' } | { ok: false; reason: 'disabled' }

/** The door stayed shut for a sign-in that was taken out of its row already: its cookie leads nowhere. */
export function turnAway(tx: Transaction, ctx: FlowContext, reason: string): TurnedAway {
  tx.afterCommit(() => ctx.effects.clearSession())
  return { ok: false, reason: reason === 'disabled' ? 'disabled' : 'session-ended' }
}
