import type { EntityManager } from '@mikro-orm/postgresql'
import {
  decodeCanonical,
  deriveMailedToken,
  type EmailAddress,
  Impossible,
  parseSelector,
  sanitizeText,
} from '@sigra/core'
import { type AddressAdmission, admitAddress } from '../addresses/admit-address.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Document } from '../consent/documents.ts'
import { recordConsents } from '../consent/record-consents.ts'
import type { Caller } from '../caller.ts'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { join, sql } from '../database/sql.ts'
import { inTransaction, newId, type Transaction } from '../database/transaction.ts'
import { runAfterRegistered } from '../hooks.ts'
import { isFirstInWindow } from '../limits/record-rate-limited.ts'
import { createTokenSource, enqueueMail, readStamp } from '../mail/enqueue-mail.ts'
import type { RequestedMail, TokenMail } from '../mail/mail-payload.ts'
import { describeRequest } from '../mail/request-mail.ts'
import { describeUncheckedPassword } from '../passwords/describe-unchecked-password.ts'
import type { Runtime } from '../runtime.ts'
import { insertToken } from '../tokens/insert-token.ts'
import { REPEAT_SECONDS } from '../tokens/repeat-seconds.ts'
import type { UserId } from '../user-id.ts'
import type { HostColumn } from './host-fields.ts'

export interface Registration {
  email: EmailAddress
  hashedPassword: string
  breachCheckUnavailable: boolean
  columns: readonly HostColumn[]
  /** What was accepted with it. */
  documents: readonly Document[]
  hook: ((em: EntityManager, user: { id: UserId; email: string }) => Promise<void> | void) | null
  /** Where to go after confirming. */
  redirectTo: string | null
}

/** What an area, or the host's own code or columns refused: nothing a visitor may learn, since only a free address gets there. */
class HostRefusal extends Error {
  override readonly name = 'HostRefusal'
}

const MAX_LOGGED_LENGTH = 1000

/**
 * Stores a new user with token, audit row and mail, or, where the address is taken, the mail that says so to its
 * owner: one transaction either way, and the same statements. An address that is held, or of nobody who may come in, is
 * answered like a taken one; the mail then finds no reader. Who registers an address again in the browser that registered it, before it is
 * confirmed or used, means the same account: password and host fields are those typed last. For a minute nothing is mailed or
 * audited a second time for an address and a browser, whatever there is: one press can be two requests. What the host's
 * part throws undoes all of it, is logged and goes no further.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when the ring does not hold its current key.
 */
export async function storeRegistration(
  runtime: Runtime,
  caller: Caller,
  registration: Registration,
): Promise<void> {
  try {
    await inTransaction(runtime, async (tx) => {
      const { canonical } = registration.email
      const admission = await admitAddress(tx, canonical, { way: 'registration', userId: null })
      const requested = {
        ...describeRequest(runtime, caller, canonical),
        requestedAt: await readStamp(tx),
      }
      const isFirst = await isFirstPress(tx, requested)
      const stored = await storeUser(tx, registration, requested, admission)
      if (stored?.isNew) await runHooks(tx, stored.id, registration)
      else if (!isFirst) return
      if (stored) await recordConsents(tx, caller, stored.id, registration.documents)
      if (stored) await askToConfirm(tx, caller, stored, registration, requested)
      else await answerKnownAddress(tx, caller, registration, requested, admission)
    })
  } catch (error) {
    if (!isHostRefusal(error)) throw error
    await recordRefusal(runtime, caller, error)
  }
}

interface StoredUser {
  id: UserId
  isNew: boolean
}

/** Kept by address and browser, and in this very transaction: what is undone was no press. */
async function isFirstPress(tx: Transaction, { address, browserHash }: RequestedMail): Promise<boolean> {
  if (browserHash === null) return true
  return isFirstInWindow(tx, 'register.repeat', `${address} ${browserHash}`, REPEAT_SECONDS)
}

/**
 * `null` where the address is taken, or not to be had. Of two spellings at once, the unique canonical address lets one in. What stands
 * there is replaced for as long as its link lives, and never once somebody signed in with it: then it is an account in
 * use, and this browser may be a shared one.
 */
async function storeUser(
  tx: Transaction,
  registration: Registration,
  requested: RequestedMail,
  admission: AddressAdmission,
): Promise<StoredUser | null> {
  const { email, hashedPassword, columns } = registration
  const admitted = admission.ok ? admission.address : null
  const { linkHours } = tx.runtime.policy.confirmation
  const names = columns.map((column) => sql`, ${column.name}`)
  const values = columns.map((column) => sql`, ${column.value}`)
  const again = columns.map((column) => sql`, ${column.name} = excluded.${column.name}`)
  const [row] = await tx.rows<StoredUser>(sql`
    with stored as (
    insert into ${tx.tables.user.name} as u
      (id, email, email_canonical, hashed_password, registration_browser_hash, created_at, updated_at
      ${join(names, sql``)})
    select ${newId(tx, tx.tables.user)}, ${email.typed}, ${admitted}::varchar, ${hashedPassword},
      ${hashOf(requested)}, ${requested.requestedAt}, ${requested.requestedAt} ${join(values, sql``)} where ${admitted}::varchar is not null
    on conflict (email_canonical) do update
      set hashed_password = excluded.hashed_password, updated_at = excluded.updated_at ${join(again, sql``)}
      where u.confirmed_at is null and u.first_signed_in_at is null
        and u.created_at > excluded.created_at - ${linkHours} * interval '1 hour'
        and u.registration_browser_hash = excluded.registration_browser_hash
    returning u.id, u.xmax = 0 as is_new
    )
    select id::text as id, is_new as "isNew" from stored`)
  return row ?? null
}

async function askToConfirm(
  tx: Transaction,
  caller: Caller,
  { id: userId, isNew }: StoredUser,
  registration: Registration,
  requested: RequestedMail,
): Promise<void> {
  const { redirectTo } = registration
  const mail: TokenMail = {
    kind: 'confirmAddress',
    ...requested,
    ...createTokenSource(tx.runtime),
    redirectTo,
  }
  await insertConfirmationToken(tx, userId, mail)
  await enqueueMail(tx, mail)
  const reason = isNew ? null : 'registered-again'
  await recordRegistration(tx, caller, registration, { outcome: 'success', subjectId: userId, reason })
}

async function runHooks(tx: Transaction, userId: UserId, { hook, email }: Registration): Promise<void> {
  try {
    await runAfterRegistered(tx, { userId, address: email.canonical })
    await hook?.(tx.em, { id: userId, email: email.typed })
    await tx.em.flush() // here, so that what the host persisted fails as the host's, not as ours
  } catch (cause) {
    if (cause instanceof DatabaseUnavailable) throw cause
    throw new HostRefusal('an area, or inTransaction of registerUser', { cause })
  }
}

async function insertConfirmationToken(tx: Transaction, userId: UserId, mail: TokenMail): Promise<void> {
  const selector = parseSelector(mail.selector)
  const token = selector && deriveMailedToken(tx.runtime.ring, 'confirm', mail.keyId, selector)
  if (!token) throw new Impossible('the current key is always in the ring')
  await insertToken(tx, {
    token,
    userId,
    sentTo: mail.address,
    requestedAt: mail.requestedAt,
    lifeMinutes: tx.runtime.policy.confirmation.linkHours * 60,
    browserHash: hashOf(mail),
    redirectTo: mail.redirectTo,
  })
}

/**
 * The owner is told that there is an account; where it was never confirmed, they get a reset link, which confirms. Where there
 * is no account, the worker finds nobody to tell.
 */
async function answerKnownAddress(
  tx: Transaction,
  caller: Caller,
  registration: Registration,
  requested: RequestedMail,
  admission: AddressAdmission,
): Promise<void> {
  const [owner] = await tx.rows<{ id: UserId; isConfirmed: boolean }>(sql`
    select id::text as id, confirmed_at is not null as "isConfirmed" from ${tx.tables.user.name}
    where email_canonical = ${requested.address}`)
  await enqueueMail(
    tx,
    owner?.isConfirmed === false
      ? { kind: 'resetPassword', ...requested, ...createTokenSource(tx.runtime) }
      : { kind: 'alreadyRegistered', ...requested },
  )
  const subjectId = owner?.id ?? null
  const reason = admission.ok || owner !== undefined ? 'already-registered' : admission.reason
  await recordRegistration(tx, caller, registration, { outcome: 'denied', subjectId, reason })
}

async function recordRegistration(
  tx: Transaction,
  caller: Caller,
  registration: Registration,
  result: { outcome: 'success' | 'denied'; subjectId: UserId | null; reason: string | null },
): Promise<void> {
  const { subjectId, outcome, reason } = result
  const metadata = reason === null ? {} : { metadata: { reason } }
  await recordAuditEvent(
    tx,
    caller,
    { action: 'auth.register', outcome, subjectId, ...metadata },
    describeUncheckedPassword(registration, { subjectId }),
  )
}

/** A host's column that refuses its value (a constraint, a value out of range) is as telling as its hook. */
function isHostRefusal(error: unknown): error is Error {
  if (error instanceof HostRefusal) return true
  return error instanceof Error && 'code' in error && /^2[23]\w{3}$/.test(String(error.code))
}

async function recordRefusal(runtime: Runtime, caller: Caller, error: Error): Promise<void> {
  const cause = error instanceof HostRefusal && error.cause instanceof Error ? error.cause : error
  runtime.logger.error('auth.register.undone', {
    requestId: caller.requestId,
    name: cause.name,
    message: sanitizeText(cause.message, MAX_LOGGED_LENGTH),
    stack: sanitizeText(cause.stack ?? '', MAX_LOGGED_LENGTH),
  })
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, caller, {
      action: 'auth.register',
      outcome: 'failure',
      metadata: { reason: 'undone' },
    }),
  )
}

function hashOf(mail: RequestedMail): ReturnType<typeof decodeCanonical> {
  return mail.browserHash === null ? null : decodeCanonical(mail.browserHash)
}
