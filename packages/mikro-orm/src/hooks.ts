import type { CanonicalEmail } from '@sigra/core'
import type { AreaPlainNoticeKind } from './areas/area-mails.ts'
import type { TransactionOf } from './database/transaction-of.ts'
import type { UserId } from './user-id.ts'

/** Whose account it is, and the address it goes by. */
export interface HookedUser {
  userId: UserId
  address: CanonicalEmail
}

/** Somebody who has just proven an address. */
export interface ConfirmedAccount extends HookedUser {
  /** Writes a line of the audit log that names them as who did it. */
  record(line: AreaLine): Promise<void>
}

export interface SecuredUser extends HookedUser {
  /** What the notice was about whose link was used; `null` where it was about none. */
  eventId: string | null
  /** Since when the account had other addresses, where it has its former one back. `null`: it had none. */
  undoneSince: string | null
  /** Writes a line of the audit log, as done by whoever used the link. */
  record(line: AreaLine): Promise<void>
}

/** Why somebody cannot ask for the deletion of their account now. The sentence is the app's. */
export interface DeletionBlocker {
  /** Public: added, never renamed. */
  readonly reason: string
  /** What it is about, by the names that its owner knows. */
  readonly names?: readonly string[]
}

/** What is deleted along with an account. The sentence is the app's. */
export interface GoesAlong {
  /** Public: added, never renamed. */
  readonly reason: string
  /** What it is, by the names that its owner knows. */
  readonly names: readonly string[]
}

/** What "This wasn't me" gives back. The sentence is the app's. */
export interface ComesBack {
  /** Public: added, never renamed. */
  readonly reason: string
  /** What it is, by the names that its owner knows. */
  readonly names: readonly string[]
}

/** Somebody whose account is being deleted. */
export interface ErasedAccount extends HookedUser {
  /** Writes a line of the audit log that names no actor: nobody is there who did it. */
  record(line: AreaLine): Promise<void>
}

/** What an area did by it. */
export interface AreaLine {
  /** One of the area's own. */
  action: string
  subjectId?: string
  targetId: string
  organizationId: string
  metadata: Readonly<Record<string, string>>
  /** The email that tells whom it is about. @default none */
  tells?: AreaPlainNoticeKind
}

/**
 * What an area does when something happens to an account, in the transaction of the event: both happen or neither. The
 * user's row is locked. Throwing undoes the event.
 */
export interface Hooks {
  /** An account was made. Nobody has proven its address: a stranger may have typed it. */
  afterRegistered?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
  /** Its address was proven for the first time, in whatever way. */
  afterConfirmed?(tx: TransactionOf<unknown>, user: ConfirmedAccount): Promise<void>
  /** It has another address by now, a proven one. */
  afterAddressChanged?(tx: TransactionOf<unknown>, user: ConfirmedAccount): Promise<void>
  /** "This wasn't me" is about to be done. Locks rows of the area that are locked before users are, and changes nothing. */
  beforeSecured?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
  /** What `onSecured` would give back now. Asked for the page that says so before it is done. */
  comesBack?(tx: TransactionOf<unknown>, user: HookedUser): Promise<readonly ComesBack[]>
  /** "This wasn't me": what is disputed is gone, and every session has ended. */
  onSecured?(tx: TransactionOf<unknown>, user: SecuredUser): Promise<void>
  /**
   * An account is being deleted, by whatever strategy: what the area keeps about it goes here, also where the row of the
   * user stays.
   */
  onErased?(tx: TransactionOf<unknown>, user: ErasedAccount): Promise<void>
  /**
   * An account may be about to be deleted. Locks rows of the area that are locked before users are, and changes nothing: the
   * user's row is not locked yet.
   */
  beforeErased?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
  /**
   * What has to be done before the account can be deleted. Asked for the page that says so, and once more when the deletion is
   * asked for, with the user's row locked.
   */
  blocksDeletion?(tx: TransactionOf<unknown>, user: HookedUser): Promise<readonly DeletionBlocker[]>
  /** What would be deleted along with the account. Asked for the page on which its deletion is asked for. */
  goesAlong?(tx: TransactionOf<unknown>, user: HookedUser): Promise<readonly GoesAlong[]>
  /** The deletion of the account was asked for, and every session has ended. What it had sent out ends with them. */
  onDeletionScheduled?(tx: TransactionOf<unknown>, user: HookedUser): Promise<void>
}

/** A transaction of an app whose areas brought some. */
type Hooked = TransactionOf<{ readonly hooks: readonly Hooks[] }>

/** Runs `afterRegistered` of every area, in their order. */
export async function runAfterRegistered(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.afterRegistered?.(tx, user)
}

/** Runs `afterConfirmed` of every area, in their order. */
export async function runAfterConfirmed(tx: Hooked, user: ConfirmedAccount): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.afterConfirmed?.(tx, user)
}

/** Runs `afterAddressChanged` of every area, in their order. */
export async function runAfterAddressChanged(tx: Hooked, user: ConfirmedAccount): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.afterAddressChanged?.(tx, user)
}

/** Runs `beforeSecured` of every area, in their order. */
export async function runBeforeSecured(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.beforeSecured?.(tx, user)
}

/** What every area says of `comesBack`, in their order. */
export async function runComesBack(tx: Hooked, user: HookedUser): Promise<ComesBack[]> {
  const back: ComesBack[] = []
  for (const hooks of tx.runtime.hooks) back.push(...((await hooks.comesBack?.(tx, user)) ?? []))
  return back
}

/** Runs `onSecured` of every area, in their order. */
export async function runOnSecured(tx: Hooked, user: SecuredUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.onSecured?.(tx, user)
}

/** Runs `onErased` of every area, in their order. */
export async function runOnErased(tx: Hooked, user: ErasedAccount): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.onErased?.(tx, user)
}

/** Runs `beforeErased` of every area, in their order. */
export async function runBeforeErased(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.beforeErased?.(tx, user)
}

/** What every area says of `blocksDeletion`, in their order. */
export async function runBlocksDeletion(tx: Hooked, user: HookedUser): Promise<DeletionBlocker[]> {
  const blockers: DeletionBlocker[] = []
  for (const hooks of tx.runtime.hooks) blockers.push(...((await hooks.blocksDeletion?.(tx, user)) ?? []))
  return blockers
}

/** What every area says of `goesAlong`, in their order. */
export async function runGoesAlong(tx: Hooked, user: HookedUser): Promise<GoesAlong[]> {
  const along: GoesAlong[] = []
  for (const hooks of tx.runtime.hooks) along.push(...((await hooks.goesAlong?.(tx, user)) ?? []))
  return along
}

/** Runs `onDeletionScheduled` of every area, in their order. */
export async function runOnDeletionScheduled(tx: Hooked, user: HookedUser): Promise<void> {
  for (const hooks of tx.runtime.hooks) await hooks.onDeletionScheduled?.(tx, user)
}
