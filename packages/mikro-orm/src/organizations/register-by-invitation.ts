import { type EmailAddress, type MailedToken, parseEmail, parseMailedToken } from '@sigra/core'
import { type AddressRefusal, refuseAddress } from '../addresses/admit-address.ts'
import type { AuditEntry } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import type { Document } from '../consent/documents.ts'
import { acceptedOf } from '../consent/posted-documents.ts'
import { recordConsents } from '../consent/record-consents.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import { inUndoableTransaction } from '../database/undoable.ts'
import { completeSignIn } from '../door/complete-sign-in.ts'
import { proveEmail } from '../door/proof.ts'
import { type Busy, type Invalid, type Limited, orBusy, type SignInSuccess } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeMailedLink } from '../limits/charge-mailed-link.ts'
import { checkNewPassword } from '../passwords/check-new-password.ts'
import { describeUncheckedPassword } from '../passwords/describe-unchecked-password.ts'
import { readHostFields } from '../register/host-fields.ts'
import type { RegisterOptions } from '../register/register-user.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { type InvitationOver, over } from './answer-invitation.ts'
import {
  isNamed,
  isStillOpen,
  type Joined,
  joinByInvitation,
  lockOrganizationOf,
} from './join-by-invitation.ts'
import { isOpenInvitation } from './open-invitation.ts'
import { repeatRegistration } from './repeat-registration.ts'
import { requireOrganizations } from './require-organizations.ts'
import { setActiveOrganization } from './set-active-organization.ts'
import { type Invited, storeInvited } from './store-invited.ts'

export interface RegisterByInvitationInput {
  token: unknown
  password: unknown
  /** The documents accepted with it, by name and version: `terms:2026-12-01 privacy:3`. Others are asked for at the door. */
  documents?: unknown
}

type Refused =
  | InvitationOver
  /** The address has an account, whose owner has proven it: they log in, and join then. */
  | { ok: false; reason: 'log-in-first' }
  /** Nobody registers here, invited or not. */
  | { ok: false; reason: 'registration-closed' }
  | { ok: false; reason: 'other-domain'; domains: readonly string[] }
  /** No seat is left. */
  | { ok: false; reason: 'full' }
  | { ok: false; reason: 'disabled' }

export type RegisterByInvitationResult = (SignInSuccess & Joined) | Invalid<string> | Refused | Limited | Busy

interface Accepted extends Invited {
  breachCheckUnavailable: boolean
  documents: readonly Document[]
}

const METHOD = 'invitation'

/**
 * Registers the address that was invited, by the link in its mailbox, and joins the organization: the link proves the address,
 * so that user, membership and session are one transaction. An account of that address that nobody has proven is taken over,
 * as by any other mailed link: whatever a stranger attached to it is gone. One that is proven logs in first.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations, and when `fields` names a library column or an unknown one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const registerByInvitation = defineFlow(
  {
    name: 'registerByInvitation',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.accept',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: RegisterByInvitationInput,
    options: Pick<RegisterOptions, 'fields' | 'inTransaction'> = {},
  ): Promise<RegisterByInvitationResult> => {
    requireOrganizations(runtime)
    const columns = readHostFields(runtime, options.fields ?? {})
    const token = parseMailedToken(runtime.ring, 'invitation', input.token)
    if (!token) return over
    const limited = await chargeMailedLink(runtime, caller)
    if (limited) return limited
    const email = await findInvited(runtime, token)
    if (!email) return (await repeatRegistration(runtime, caller, token, input.password)) ?? over
    if (runtime.policy.registration.mode === 'closed') return { ok: false, reason: 'registration-closed' }
    if (refuseAddress(runtime, email)) return refuseDomain(runtime)
    const checked = await checkNewPassword(runtime, input.password, email.typed, { breachCheck: true })
    if (!checked.ok) return { ok: false, reason: 'invalid', errors: checked.errors }
    // Before anybody knows whether there is an account, and with no connection held.
    const hashedPassword = await orBusy(runtime.hasher.hash(checked.password))
    if (typeof hashedPassword !== 'string') return hashedPassword
    const { breachCheckUnavailable } = checked
    const hook = options.inTransaction ?? null
    const documents = acceptedOf(runtime.documents, input.documents)
    const accepted = { email, hashedPassword, breachCheckUnavailable, columns, documents, hook }
    const result = await inUndoableTransaction<(SignInSuccess & Joined) | Refused, Refused>(
      runtime,
      (tx, undo) => register(tx, caller, token, accepted, undo),
    )
    if (result.ok || result.reason !== 'invalid') return result
    return (await repeatRegistration(runtime, caller, token, input.password)) ?? over
  },
)

/** Organization, address, user: the order of everything that locks two of them. */
async function register(
  tx: Transaction,
  caller: Caller,
  token: MailedToken,
  accepted: Accepted,
  undo: (refused: Refused) => never,
): Promise<(SignInSuccess & Joined) | Refused> {
  if (!(await lockOrganizationOf(tx, isNamed(token))) || !(await isStillOpen(tx, isNamed(token)))) return over
  const stored = await storeInvited(tx, caller, accepted)
  if (typeof stored === 'string') return refuse(tx.runtime, stored)
  const { userId } = stored
  await recordConsents(tx, caller, userId, accepted.documents)
  const joined = await joinByInvitation(tx, caller, isNamed(token), userId)
  if (joined === 'not-theirs') return undo(over)
  if (joined === 'full') return undo({ ok: false, reason: 'full' })
  const also = describe(stored, accepted)
  const result = await completeSignIn(tx, caller, proveEmail(userId), {
    method: METHOD,
    remembered: false,
    also,
  })
  if (result.outcome === 'refused')
    return undo({ ok: false, reason: result.reason === 'disabled' ? 'disabled' : 'log-in-first' })
  await setActiveOrganization(tx, { id: result.sessionId }, joined.organizationId)
  return { ok: true, outcome: result.outcome, userId, ...joined }
}

/** What is held for somebody is answered like what somebody has. */
function refuse(runtime: Runtime, reason: AddressRefusal | 'has-account'): Refused {
  if (reason === 'closed') return { ok: false, reason: 'registration-closed' }
  if (reason === 'domain') return refuseDomain(runtime)
  return reason === 'not-invited' ? over : { ok: false, reason: 'log-in-first' }
}

function refuseDomain({ policy }: Runtime): Refused {
  return { ok: false, reason: 'other-domain', domains: policy.registration.domains }
}

function describe({ userId, isNew }: { userId: UserId; isNew: boolean }, accepted: Accepted): AuditEntry[] {
  const line = {
    outcome: 'success',
    actorId: userId,
    subjectId: userId,
    metadata: { method: METHOD },
  } as const
  const registered: AuditEntry[] = isNew ? [{ action: 'auth.register', ...line }] : []
  return [
    ...registered,
    { action: 'auth.confirm', ...line },
    ...describeUncheckedPassword(accepted, { actorId: userId, subjectId: userId }),
  ]
}

async function findInvited(runtime: Runtime, token: MailedToken): Promise<EmailAddress | null> {
  const { invitation, organization } = requireOrganizations(runtime).tables
  const [row] = await statement<{ email: string }>(
    runtime,
    sql`
    select i.email from ${invitation.name} i join ${organization.name} o on o.id = i.organization_id
    where ${isNamed(token)} and ${isOpenInvitation(databaseNow(runtime))}`,
  )
  return row ? parseEmail(row.email) : null
}
