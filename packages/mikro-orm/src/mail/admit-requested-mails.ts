import type { MailedToken } from '@sigra/core'
import type { AuditAction } from '../audit/audit-actions.ts'
import { recordAuditLines } from '../audit/record-audit-event.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { insertRequestedTokens } from '../tokens/insert-requested-tokens.ts'
import type { UserId } from '../user-id.ts'
import { type ChargedRecipient, chargeRecipients, findCharged } from './charge-recipients.ts'
import type { TokenMailKind } from './mail-kinds.ts'
import type { Admission } from './mail-outcome.ts'
import type { GuidanceMail, TokenMail } from './mail-payload.ts'
import { sourceOf } from './mail-source.ts'
import { deriveRequestedToken, describeRequestedToken } from './requested-token.ts'

type Asked = TokenMail | GuidanceMail

interface Link {
  mail: TokenMail
  token: MailedToken
  userId: UserId
}

/** Why a mail beyond every share of its mailbox is dropped. */
export const TOO_MANY_MAILS = 'too many mails'

const REQUEST_ACTIONS = {
  confirmAddress: 'auth.confirm_requested',
  magicLink: 'auth.magic_link_requested',
  resetPassword: 'auth.reset_requested',
  sudoCode: 'session.sudo_requested',
} as const satisfies Record<TokenMailKind, AuditAction>

/**
 * Decides about mails that were asked for, in one transaction: three statements, however many mails there are.
 *
 * @param mails To different mailboxes.
 */
export async function admitRequestedMails(
  runtime: Runtime,
  mails: readonly Asked[],
): Promise<Map<Asked, Admission>> {
  const tokens = new Map<Asked, MailedToken | null>()
  for (const mail of mails) if ('selector' in mail) tokens.set(mail, deriveRequestedToken(runtime, mail))
  const readable = mails.filter((mail) => tokens.get(mail) !== null)
  const decided = await inTransaction(runtime, async (tx) => {
    const recipients = await findRecipients(tx, readable)
    const admissions = readable.map((mail) => [mail, admit(recipients.get(mail))] as const)
    const links = admissions.flatMap(([mail, admission]) => {
      const token = tokens.get(mail)
      const userId = recipients.get(mail)?.id
      return 'to' in admission && 'selector' in mail && token && userId ? [{ mail, token, userId }] : []
    })
    const dead = await storeTokens(tx, links)
    return admissions.map(
      ([mail, admission]) =>
        [mail, dead.has(mail) ? { drop: 'link used or superseded' } : admission] as const,
    )
  })
  // In a rolling deploy another attempt will find the key.
  const unreadable = mails.filter((mail) => tokens.get(mail) === null)
  return new Map<Asked, Admission>([
    ...decided,
    ...unreadable.map((mail) => [mail, { retry: 'unknown key id' }] as const),
  ])
}

async function findRecipients(
  tx: Transaction,
  mails: readonly Asked[],
): Promise<Map<Asked, ChargedRecipient>> {
  const found = new Map<Asked, ChargedRecipient>()
  for (const recipient of await chargeRecipients(tx, mails)) {
    const mail = mails[recipient.n]
    if (mail) found.set(mail, recipient)
  }
  // Unless another worker, which has the same job, was faster: this statement sees what that one wrote.
  const refused = [...found].filter(([, recipient]) => admit(recipient) === tooMany).map(([mail]) => mail)
  const marked = refused.length === 0 ? new Set() : await findCharged(tx, refused)
  for (const [mail, recipient] of found) {
    if (marked.has(mail.mailId)) found.set(mail, { ...recipient, isCharged: true })
  }
  return found
}

const tooMany: Admission = { drop: TOO_MANY_MAILS }

function admit(recipient: ChargedRecipient | undefined): Admission {
  if (!recipient) return { drop: 'no such user' }
  if (recipient.isChanged) return { drop: 'account changed since' }
  if (recipient.isLate) return { drop: 'too late' }
  if (recipient.isConfirmed) return { drop: 'already confirmed' }
  return recipient.isCharged ? { to: recipient.email } : tooMany
}

/** @returns The mails whose links are dead already. */
async function storeTokens(tx: Transaction, links: readonly Link[]): Promise<Set<Asked>> {
  if (links.length === 0) return new Set()
  const rows = await insertRequestedTokens(
    tx,
    links.map(({ mail, token }) => describeRequestedToken(tx.runtime, mail, token)),
  )
  const states = new Map(rows.map((row) => [row.n, row]))
  const lines = links.flatMap(({ mail, userId }, n) =>
    states.get(n)?.isNew ? [{ source: sourceOf(mail), entry: describeRequest(mail, userId) }] : [],
  )
  if (lines.length > 0) await recordAuditLines(tx, lines)
  return new Set(links.filter((_, n) => !states.get(n)?.isUsable).map(({ mail }) => mail))
}

function describeRequest({ kind }: TokenMail, subjectId: UserId) {
  return { action: REQUEST_ACTIONS[kind], outcome: 'success', subjectId } as const
}
