import type { CanonicalEmail } from '@sigra/core'
import { recordAreaLine } from '../audit/record-area-line.ts'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import type { ConfirmedAccount } from '../hooks.ts'
import type { UserId } from '../user-id.ts'

/** Whose address was proven a moment ago, as hooks of areas hear of it. */
export function confirmedAccount(
  tx: Transaction,
  caller: Caller,
  userId: UserId,
  address: CanonicalEmail,
): ConfirmedAccount {
  return { userId, address, record: (line) => recordAreaLine(tx, caller, line, userId) }
}
