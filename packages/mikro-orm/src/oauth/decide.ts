import { type EmailAddress, parseEmail } from '@sigra/core'
import { type AddressRefusal, type AdmittedAddress, admitAddress } from '../addresses/admit-address.ts'
import { type AuditEntry, recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { confirmedAccount } from '../confirm/confirmed-account.ts'
import { confirmFromElsewhere } from '../confirm/confirm-from-elsewhere.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { proveIdentity } from '../door/proof.ts'
import type { SignInSuccess } from '../flow-result.ts'
import { runAfterConfirmed } from '../hooks.ts'
import { readHostFields } from '../register/host-fields.ts'
import { insertProvenUser } from '../register/insert-proven-user.ts'
import type { Runtime } from '../runtime.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import type { UserId } from '../user-id.ts'
import type { ComingBack } from './coming-back.ts'
import { findIdentity, type KnownIdentity } from './find-identity.ts'
import { requireOauth } from './require-oauth.ts'
import { insertIdentity, markUsed } from './store-identity.ts'

/** Somebody is in, by an account that they have or were just given. */
export type LetIn = SignInSuccess & {
  /** Where they wanted to go when they began. Check it where it is used. */
  redirectTo: string | null
  /** They had no account before. */
  isNew: boolean
}

export type Refused =
  /** The address has an account, whose owner has proven it: an equal address alone joins nobody to it. */
  | { ok: false; reason: 'log-in-first' }
  /** The provider names no address, or none that it vouches for. */
  | { ok: false; reason: 'address-unproven' }
  | { ok: false; reason: 'registration-closed' }
  | { ok: false; reason: 'not-invited' }
  | { ok: false; reason: 'other-domain'; domains: readonly string[] }
  | { ok: false; reason: 'disabled' }
  /** The account has gone, or what links it, while the provider was asked. */
  | { ok: false; reason: 'out-of-date' }

interface Account {
  id: UserId
  isConfirmed: boolean
}

/** Whom the door is to let in, and what was written for it. */
interface Entrant extends KnownIdentity {
  isNew: boolean
  also: readonly AuditEntry[]
}

const METHOD = 'provider'

/**
 * The decision table: who it is, in one transaction. An identity that is known opens the door. A new one belongs to whoever proves the
 * address by it, where nobody has before: to an account that waits for its proof, with whatever a stranger left there gone, or to
 * a new one. Where somebody has, they log in first. An address that the provider does not vouch for is not looked up.
 */
export async function decide(
  tx: Transaction,
  caller: Caller,
  coming: ComingBack,
  undo: (refused: Refused) => never,
): Promise<LetIn | Refused> {
  const { profile } = coming.answer
  const known = await findIdentity(tx, profile)
  if (known) return enter(tx, caller, coming, { ...known, isNew: false, also: [] })
  const email = profile.emailVerified ? parseEmail(profile.email) : null
  if (email === null) return refuse(tx, caller, null, { ok: false, reason: 'address-unproven' })
  const admission = await admitAddress(tx, email.canonical, { way: 'provider', userId: null })
  // Of two answers about somebody new the second has waited for the address: the first has stored whom they name.
  const meanwhile = await findIdentity(tx, profile)
  if (meanwhile) return enter(tx, caller, coming, { ...meanwhile, isNew: false, also: [] })
  const account = await lockAccount(tx, email)
  if (account?.isConfirmed) return refuse(tx, caller, account.id, { ok: false, reason: 'log-in-first' })
  if (!admission.ok) return refuse(tx, caller, null, explain(tx.runtime, admission.reason))
  const entrant = account
    ? await takeOver(tx, caller, coming, { ...account, email })
    : await register(tx, caller, coming, { email, admitted: admission.address })
  const result = await enter(tx, caller, coming, entrant)
  return result.ok ? result : undo(result)
}

async function enter(
  tx: Transaction,
  caller: Caller,
  coming: ComingBack,
  { id, userId, isNew, also }: Entrant,
): Promise<LetIn | Refused> {
  const { identity } = requireOauth(tx.runtime).tables
  const { redirectTo, remembered, answer } = coming
  const stillLinked = sql`exists (select from ${identity.name} i where i.id = ${id} and i.user_id = u.id)`
  const proof = proveIdentity(userId, { stillLinked, mfaAsserted: answer.mfaAsserted })
  const opened = await completeSignIn(tx, { ...caller, landing: redirectTo }, proof, {
    method: METHOD,
    remembered,
    also,
  })
  if (opened.outcome === 'refused')
    return { ok: false, reason: opened.reason === 'disabled' ? 'disabled' : 'out-of-date' }
  await markUsed(tx, id, coming)
  return { ok: true, outcome: opened.outcome, userId, redirectTo, isNew }
}

async function lockAccount(tx: Transaction, { canonical }: EmailAddress): Promise<Account | null> {
  const [row] = await tx.rows<Account>(sql`
    select u.id::text as id, u.confirmed_at is not null as "isConfirmed" from ${tx.tables.user.name} u
    where u.email_canonical = ${canonical} for no key update`)
  return row ?? null
}

/** Whoever registered the address never proved it. Unless it was here, what they attached goes: the password as well. */
async function takeOver(
  tx: Transaction,
  caller: Caller,
  coming: ComingBack,
  { id: userId, email }: Account & { email: EmailAddress },
): Promise<Entrant> {
  await confirmFromElsewhere(tx, caller, userId)
  await supersedeTokens(tx, userId)
  await runAfterConfirmed(tx, confirmedAccount(tx, caller, userId, email.canonical))
  const id = await insertIdentity(tx, userId, coming)
  return { id, userId, isNew: false, also: [describe('auth.confirm', userId)] }
}

async function register(
  tx: Transaction,
  caller: Caller,
  coming: ComingBack,
  { email, admitted }: { email: EmailAddress; admitted: AdmittedAddress },
): Promise<Entrant> {
  const { fields = {}, inTransaction: hook = null } = coming.register(coming.answer.profile)
  const columns = readHostFields(tx.runtime, fields)
  const userId = await insertProvenUser(tx, caller, admitted, { email, hashedPassword: null, columns, hook })
  const id = await insertIdentity(tx, userId, coming)
  const also = [describe('auth.register', userId), describe('auth.confirm', userId)]
  return { id, userId, isNew: true, also }
}

function describe(action: 'auth.register' | 'auth.confirm', userId: UserId): AuditEntry {
  return { action, outcome: 'success', actorId: userId, subjectId: userId, metadata: { method: METHOD } }
}

/** What is held for somebody is answered like what somebody has. */
function explain({ policy }: Runtime, reason: AddressRefusal): Refused {
  if (reason === 'closed') return { ok: false, reason: 'registration-closed' }
  if (reason === 'domain') return { ok: false, reason: 'other-domain', domains: policy.registration.domains }
  return { ok: false, reason: reason === 'not-invited' ? 'not-invited' : 'log-in-first' }
}

async function refuse(
  tx: Transaction,
  caller: Caller,
  subjectId: UserId | null,
  refused: Refused,
): Promise<Refused> {
  await recordAuditEvent(tx, caller, {
    action: 'auth.log_in_failed',
    outcome: 'denied',
    actorId: null,
    subjectId,
    metadata: { method: METHOD, reason: refused.reason },
  })
  return refused
}
