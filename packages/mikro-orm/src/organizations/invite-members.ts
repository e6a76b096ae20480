import { type EmailAddress, parseEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { newId, type Transaction } from '../database/transaction.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { createAreaLink, enqueueLinkMail } from '../mail/link-mail.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { requireFreshSudo } from '../sudo/sudo-session.ts'
import { type ActingMember, type ActingRefused, asMember, forbidden } from './acting-member.ts'
import { chargeInvitation } from './charge-invitation.ts'
import { chargeOrganizations } from './charge-organizations.ts'
import { isUnanswered } from './open-invitation.ts'
import { requireOrganizations } from './require-organizations.ts'

/**
 * What became of one line. None of these says whether the address has an account: who is a member, and who was invited, members
 * see anyway. Public: added, never renamed.
 */
export type InvitationAnswer =
  | 'sent'
  | 'not-an-email-address'
  /** A line above has it. */
  | 'repeated'
  | 'member'
  /** An invitation is open. */
  | 'invited'
  /** They declined a while ago, and are not asked again yet. */
  | 'declined'
  /** Of the day's invitations none is left. */
  | 'limited'

export interface InvitedLine {
  /** As it was typed. */
  line: string
  answer: InvitationAnswer
}

export type InviteMembersResult =
  | { ok: true; lines: InvitedLine[] }
  | { ok: false; reason: 'unknown-role' }
  | { ok: false; reason: 'no-addresses' }
  | { ok: false; reason: 'too-many-addresses'; most: number }
  /** Nobody but its owner is in a personal one. */
  | { ok: false; reason: 'personal' }
  | ActingRefused
  | Limited

interface Line {
  line: string
  email: EmailAddress | null
  isRepeated: boolean
  isGranted: boolean
}

const MAX_LENGTH = 100_000

/**
 * Invites addresses, one on each line, with a role that whoever invites could give. What is answered, and what it costs, is the
 * same whether an address has an account: it is read by nobody here.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait, and to invite an owner without a fresh sudo.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const inviteMembers = defineFlow(
  {
    name: 'inviteMembers',
    principal: 'session',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'invitation.send',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    { organizationId, ...input }: { organizationId: unknown; emails?: unknown; role: unknown },
  ): Promise<InviteMembersResult> => {
    const { roles, policy } = requireOrganizations(runtime)
    const session = signedInSessionOf(caller)
    const role = roles.parse(input.role)
    if (role === roles.owner) requireFreshSudo(session, 'make-organization-owner')
    const limited = await chargeOrganizations(runtime, caller, session.userId, 'changes')
    if (limited) return limited
    if (role === null) return { ok: false, reason: 'unknown-role' }
    const lines = readLines(input.emails)
    const most = policy.invitationsPerForm
    if (lines.length === 0) return { ok: false, reason: 'no-addresses' }
    if (lines.length > most) return { ok: false, reason: 'too-many-addresses', most }
    const asked = { organizationId, permission: 'members:invite' } as const
    for (const line of lines) {
      if (line.email === null || line.isRepeated) continue
      line.isGranted = await chargeInvitation(runtime, caller, session.userId, organizationId)
      if (!line.isGranted) break
    }
    return asMember<InviteMembersResult>(runtime, session, asked, async (tx, acting) => {
      if (acting.organization.isPersonal) return { ok: false, reason: 'personal' }
      if (!roles.mayGive(acting.role, role)) return forbidden
      const invited: InvitedLine[] = []
      for (const each of lines)
        invited.push({ line: each.line, answer: await invite(tx, caller, acting, each, role) })
      return { ok: true, lines: invited }
    })
  },
)

function readLines(typed: unknown): Line[] {
  const text = typeof typed === 'string' ? typed.slice(0, MAX_LENGTH) : ''
  const lines = text.split(/[\r\n,;]+/).flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))
  const seen = new Set<string>()
  return lines.map((line) => {
    const email = parseEmail(line)
    const isRepeated = email !== null && seen.has(email.canonical)
    if (email !== null) seen.add(email.canonical)
    return { line, email, isRepeated, isGranted: false }
  })
}

async function invite(
  tx: Transaction,
  caller: Caller,
  { organization, own }: ActingMember,
  { email, isRepeated, isGranted }: Line,
  role: string,
): Promise<InvitationAnswer> {
  if (email === null) return 'not-an-email-address'
  if (isRepeated) return 'repeated'
  if (!isGranted) return 'limited'
  const known = await findKnown(tx, organization.id, email)
  if (known !== null) return known
  const { tables, policy } = requireOrganizations(tx.runtime)
  const { source, token } = createAreaLink(tx.runtime, 'organizationInvitation')
  await tx.rows(sql`
    update ${tables.invitation.name} i set revoked_at = ${tx.now}
    where i.organization_id = ${organization.id} and i.email_canonical = ${email.canonical}
      and ${isUnanswered} and i.expires_at <= ${tx.now}`)
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into ${tables.invitation.name} (id, organization_id, email, email_canonical, role, invited_by_id, key_id,
      selector, token_hash, expires_at, created_at)
    select ${newId(tx, tables.invitation)}, ${organization.id}, ${email.typed}, ${email.canonical}, ${role},
      ${own.userId}, ${source.keyId}, ${token.selector}, ${token.hash},
      t.now + ${policy.invitationDays * 24 * 60} * interval '1 minute', t.now
    from (select ${tx.now} as now) t
    on conflict (organization_id, email_canonical) where ${isUnanswered} do nothing
    returning id::text as id`)
  if (!row) return 'invited'
  await enqueueLinkMail(tx, 'organizationInvitation', email.canonical, source)
  await recordAuditEvent(tx, caller, {
    action: 'invitation.sent',
    outcome: 'success',
    targetId: row.id,
    organizationId: organization.id,
    metadata: { role },
  })
  return 'sent'
}

/** Members first, so that no more is asked of an address than whether one of them has it. */
async function findKnown(
  tx: Transaction,
  organizationId: string,
  { canonical }: EmailAddress,
): Promise<'member' | 'declined' | null> {
  const { tables, policy } = requireOrganizations(tx.runtime)
  const [row] = await tx.rows<{ isMember: boolean; isDeclined: boolean }>(sql`
    select exists (
        select from ${tables.membership.name} m join ${tx.tables.user.name} u on u.id = m.user_id
        where m.organization_id = ${organizationId} and u.email_canonical = ${canonical}
      ) as "isMember", exists (
        select from ${tables.invitation.name} i
        where i.organization_id = ${organizationId} and i.email_canonical = ${canonical}
          and i.declined_at > ${tx.now} - ${policy.declinedDays * 24 * 60} * interval '1 minute'
      ) as "isDeclined"`)
  if (row?.isMember) return 'member'
  return row?.isDeclined ? 'declined' : null
}
