import type { EntityManager } from '@mikro-orm/postgresql'
import {
  decodeCanonical,
  deriveMailedToken,
  type EmailAddress,
  Impossible,
  parseSelector,
  sanitizeText,
} from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { FlowContext, UserId } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import { inTransaction, newId, type Transaction } from '../database/transaction.ts'
import { createTokenSource, enqueueMail, readStamp } from '../mail/enqueue-mail.ts'
import type { RequestedMail, TokenMail } from '../mail/mail-payload.ts'
import { describeRequest } from '../mail/request-mail.ts'
import { describeUncheckedPassword } from '../passwords/describe-unchecked-password.ts'
import type { Runtime } from '../runtime.ts'
import { insertToken } from '../tokens/insert-token.ts'
import type { HostColumn } from './host-fields.ts'

export interface Registration {
  email: EmailAddress
  hashedPassword: string
  breachCheckUnavailable: boolean
  columns: readonly HostColumn[]
  hook: ((em: EntityManager, user: { id: UserId; email: string }) => Promise<void> | void) | null
}

/** What the host's own code or columns refused: nothing a visitor may learn, since only a free address gets there. */
class HostRefusal extends Error {
  override readonly name = 'HostRefusal'
}

const MAX_LOGGED_LENGTH = 1000

/**
 * Stores a new user with token, audit row and mail, or, where the address is taken, the mail that says so to its
 * owner: one transaction either way. What the host's part throws undoes all of it, is logged and goes no further.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when the ring does not hold its current key.
 */
export async function storeRegistration(
  runtime: Runtime,
  ctx: FlowContext,
  registration: Registration,
): Promise<void> {
  try {
    await inTransaction(runtime, async (tx) => {
      const requested = {
        ...describeRequest(runtime, ctx, registration.email.canonical),
        requestedAt: await readStamp(tx),
      }
      const userId = await insertUser(tx, registration, requested)
      if (userId === null) await answerKnownAddress(tx, ctx, registration, requested)
      else await completeNewUser(tx, ctx, userId, registration, requested)
    })
  } catch (error) {
    if (!isHostRefusal(error)) throw error
    await recordRefusal(runtime, ctx, error)
  }
}

/** `null` where the address is taken. Of two spellings at once, the unique canonical address lets one in. */
async function insertUser(
  tx: Transaction,
  registration: Registration,
  requested: RequestedMail,
): Promise<UserId | null> {
  const { email, hashedPassword, columns } = registration
  const names = columns.map((column) => sql`, ${column.name}`)
  const values = columns.map((column) => sql`, ${column.value}`)
  const [row] = await tx.rows<{ id: UserId }>(sql`
    insert into ${tx.tables.user.name}
      (id, email, email_canonical, hashed_password, registration_browser_hash, created_at, updated_at
      ${join(names, sql``)})
    values (${newId(tx, tx.tables.user)}, ${email.typed}, ${email.canonical}, ${hashedPassword},
      ${hashOf(requested)}, ${requested.requestedAt}, ${requested.requestedAt} ${join(values, sql``)})
    on conflict (email_canonical) do nothing
    returning id::text as id`)
  return row?.id ?? null
}

async function completeNewUser(
  tx: Transaction,
  ctx: FlowContext,
  userId: UserId,
  registration: Registration,
  requested: RequestedMail,
): Promise<void> {
  await runHook(tx, userId, registration)
  const mail: TokenMail = { kind: 'confirmAddress', ...requested, ...createTokenSource(tx.runtime) }
  await insertConfirmationToken(tx, userId, mail)
  await enqueueMail(tx, mail)
  await recordRegistration(tx, ctx, registration, { outcome: 'success', subjectId: userId })
}

async function runHook(tx: Transaction, userId: UserId, { hook, email }: Registration): Promise<void> {
  if (!hook) return
  try {
    await hook(tx.em, { id: userId, email: email.typed })
    await tx.em.flush() // here, so that what the host persisted fails as the host's, not as ours
  } catch (cause) {
    throw new HostRefusal('inTransaction of registerUser', { cause })
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
  })
}

/** The owner is told that there is an account; where it was never confirmed, they get a reset link, which confirms. */
async function answerKnownAddress(
  tx: Transaction,
  ctx: FlowContext,
  registration: Registration,
  requested: RequestedMail,
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
  await recordRegistration(tx, ctx, registration, { outcome: 'denied', subjectId: owner?.id ?? null })
}

async function recordRegistration(
  tx: Transaction,
  ctx: FlowContext,
  registration: Registration,
  result: { outcome: 'success' | 'denied'; subjectId: UserId | null },
): Promise<void> {
  const { subjectId, outcome } = result
  const reason = outcome === 'denied' ? { metadata: { reason: 'already-registered' } } : {}
  await recordAuditEvent(
    tx,
    ctx,
    { action: 'auth.register', outcome, subjectId, ...reason },
    describeUncheckedPassword(registration, { subjectId }),
  )
}

/** A host's column that refuses its value (a constraint, a value out of range) is as telling as its hook. */
function isHostRefusal(error: unknown): error is Error {
  if (error instanceof HostRefusal) return true
  return error instanceof Error && 'code' in error && /^2[23]\w{3}$/.test(String(error.code))
}

async function recordRefusal(runtime: Runtime, ctx: FlowContext, error: Error): Promise<void> {
  const cause = error instanceof HostRefusal && error.cause instanceof Error ? error.cause : error
  runtime.logger.error('auth.register.undone', {
    requestId: ctx.requestId,
    name: cause.name,
    message: sanitizeText(cause.message, MAX_LOGGED_LENGTH),
    stack: sanitizeText(cause.stack ?? '', MAX_LOGGED_LENGTH),
  })
  await inTransaction(runtime, (tx) =>
    recordAuditEvent(tx, ctx, {
      action: 'auth.register',
      outcome: 'failure',
      metadata: { reason: 'undone' },
    }),
  )
}

function hashOf(mail: RequestedMail): ReturnType<typeof decodeCanonical> {
  return mail.browserHash === null ? null : decodeCanonical(mail.browserHash)
}
