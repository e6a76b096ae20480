import type { CanonicalEmail } from '@sigra/core'
import type { TransactionOf } from './database/transaction-of.ts'
import type { UserId } from './user-id.ts'

/** Whose account it is, and the address it goes by. */
export interface HookedUser {
  userId: UserId
  address: CanonicalEmail
}

export interface SecuredUser extends HookedUser {
  /** What the notice was about whose link was used; `null` where it was about none. */
  eventId: string | null
}

/**
 * What an area does when something happens to an account, in the transaction of the event: both happen or neither. The
 * user's row is locked. Throwing undoes the event.
 */
export interface Hooks {
  /** An account was made. Nobody has proven its address: a stranger may have typed it. */
  afterRegistered?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
  /** Its address was proven for the first time, in whatever way. */
  afterConfirmed?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
  /** "This wasn't me": what is disputed is gone, and every session has ended. */
  onSecured?(tx: TransactionOf<unknown>, user: SecuredUser): Promise<void>
  /**
   * An account is being deleted, by whatever strategy: what the area keeps about it goes here, also where the row of the
   * user stays.
   */
  onErased?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
}

/** A transaction of an app whose areas brought some. */
type Hooked = TransactionOf<{ readonly hooks: readonly Hooks[] }>

/** Runs `afterRegistered` of every area, in their order. */
export async function runAfterRegistered(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.afterRegistered?.(tx, user)
}

/** Runs `afterConfirmed` of every area, in their order. */
export async function runAfterConfirmed(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.afterConfirmed?.(tx, user)
}

/** Runs `onSecured` of every area, in their order. */
export async function runOnSecured(tx: Hooked, user: SecuredUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.onSecured?.(tx, user)
}

/** Runs `onErased` of every area, in their order. */
export async function runOnErased(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.onErased?.(tx, user)
}
