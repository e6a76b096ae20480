import {
  decodeCanonical,
  deriveMailedCode,
  deriveMailedToken,
  type MailedToken,
  parseSelector,
} from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { insertToken } from '../tokens/insert-token.ts'
import { supersedeEarlierTokens } from '../tokens/supersede-tokens.ts'
import { isUsable } from '../tokens/usable-token.ts'
import { chargeRecipient } from './charge-recipient.ts'
import { createMailEnvelope, type MailEnvelope } from './mail-envelope.ts'
import { createPageLink, createTokenLink } from './mail-link.ts'
import type { GuidanceMail, RequestedMail, TokenMail } from './mail-payload.ts'
import { sourceOf } from './mail-source.ts'
import type { Preparation } from './prepare-mail.ts'

interface Recipient {
  id: UserId
  email: string
  isConfirmed: boolean
  /** The account is not the one it was when the mail was asked for. */
  isChanged: boolean
  isLate: boolean
}

const PURPOSES = { confirmAddress: 'confirm', resetPassword: 'reset-password' } as const
const REQUEST_ACTIONS = {
  confirmAddress: 'auth.confirm_requested',
  resetPassword: 'auth.reset_requested',
} as const

/** What the link and the code of a mail are. */
interface Link {
  token: MailedToken
  code: string
}

/** A mail someone asked for: dropped, or its token row made (a retry finds it) and the mail derived from it. */
export async function prepareRequestedMail(
  runtime: Runtime,
  mail: TokenMail | GuidanceMail,
  attempt: number,
): Promise<Preparation> {
  if (mail.kind === 'alreadyRegistered') {
    return forRecipient(runtime, mail, attempt, async (_, recipient) =>
      describeGuidance(runtime, mail, recipient),
    )
  }
  const link = deriveLink(runtime, mail)
  if (link === null) return { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key
  return forRecipient(runtime, mail, attempt, async (tx, recipient) => {
    await storeToken(tx, mail, link.token, recipient)
    if (!(await isStillUsable(tx, link.token))) return { drop: 'link used or superseded' }
    return describeTokenMail(runtime, mail, recipient, link)
  })
}

async function forRecipient(
  runtime: Runtime,
  mail: TokenMail | GuidanceMail,
  attempt: number,
  prepare: (tx: Transaction, recipient: Recipient) => Promise<Preparation>,
): Promise<Preparation> {
  if (attempt === 1 && !(await chargeRecipient(runtime, mail))) return { drop: 'too many mails' }
  return inTransaction(runtime, async (tx) => {
    const recipient = await lockRecipient(tx, mail)
    if (recipient === null) return { drop: 'no such user' }
    const unwanted = findReasonToDrop(mail, recipient)
    return unwanted === null ? prepare(tx, recipient) : { drop: unwanted }
  })
}

function deriveLink(runtime: Runtime, mail: TokenMail): Link | null {
  const selector = parseSelector(mail.selector)
  if (selector === null) return null
  const token = deriveMailedToken(runtime.ring, PURPOSES[mail.kind], mail.keyId, selector)
  const code = deriveMailedCode(runtime.ring, PURPOSES[mail.kind], mail.keyId, selector)
  return token && code !== null ? { token, code } : null
}

/** Locks the user before any token of theirs, as every flow does. */
async function lockRecipient(tx: Transaction, mail: TokenMail | GuidanceMail): Promise<Recipient | null> {
  const life = lifeMinutes(tx.runtime, mail.kind)
  const [row] = await tx.rows<Recipient>(sql`
    select u.id::text as id, u.email, u.confirmed_at is not null as "isConfirmed",
      greatest(u.created_at, u.password_changed_at) > ${mail.requestedAt}::timestamptz as "isChanged",
      ${mail.requestedAt}::timestamptz + ${life} * interval '1 minute' <= ${tx.now} as "isLate"
    from ${tx.tables.user.name} u where u.email_canonical = ${mail.address}
    for no key update`)
  return row ?? null
}

function findReasonToDrop(mail: TokenMail | GuidanceMail, recipient: Recipient): string | null {
  if (recipient.isChanged) return 'account changed since'
  if (recipient.isLate) return 'too late'
  return mail.kind === 'confirmAddress' && recipient.isConfirmed ? 'already confirmed' : null
}

async function storeToken(
  tx: Transaction,
  mail: TokenMail,
  token: MailedToken,
  recipient: Recipient,
): Promise<void> {
  const isNew = await insertToken(tx, {
    token,
    userId: recipient.id,
    sentTo: mail.address,
    requestedAt: mail.requestedAt,
    lifeMinutes: lifeMinutes(tx.runtime, mail.kind),
    browserHash: mail.browserHash === null ? null : decodeCanonical(mail.browserHash),
  })
  if (mail.kind === 'resetPassword') await supersedeEarlierTokens(tx, recipient.id, token.purpose)
  if (!isNew) return
  await recordAuditEvent(tx, sourceOf(mail), {
    action: REQUEST_ACTIONS[mail.kind],
    outcome: 'success',
    subjectId: recipient.id,
  })
}

async function isStillUsable(tx: Transaction, token: MailedToken): Promise<boolean> {
  const { userToken, user } = tx.tables
  const rows = await tx.rows(sql`
    select 1 from ${userToken.name} t, ${user.name} u where ${isUsable(token, tx.now)}`)
  return rows.length > 0
}

function describeGuidance(runtime: Runtime, mail: GuidanceMail, recipient: Recipient): Preparation {
  const logInUrl = createPageLink(runtime, 'log-in')
  const resetUrl = createPageLink(runtime, 'reset-password')
  const props = { appName: runtime.appName, logInUrl, resetUrl }
  return { send: { kind: mail.kind, ...addressMail(runtime, mail, recipient), props } }
}

function describeTokenMail(runtime: Runtime, mail: TokenMail, recipient: Recipient, link: Link): Preparation {
  const { appName, policy } = runtime
  const addressed = addressMail(runtime, mail, recipient)
  const url = createTokenLink(runtime, PURPOSES[mail.kind], link.token)
  if (mail.kind === 'resetPassword') {
    const { linkMinutes: minutes } = policy.resetPassword
    return { send: { kind: mail.kind, ...addressed, props: { appName, resetUrl: url, minutes } } }
  }
  const { linkHours, codeMinutes } = policy.confirmation
  const props = { appName, confirmUrl: url, code: link.code, linkHours, codeMinutes }
  return { send: { kind: mail.kind, ...addressed, props } }
}

function addressMail(
  runtime: Runtime,
  mail: RequestedMail,
  recipient: Recipient,
): MailEnvelope & { to: string } {
  return {
    to: recipient.email,
    ...createMailEnvelope(mail.mailId, new Date(mail.requestedAt), runtime.origin),
  }
}

function lifeMinutes(runtime: Runtime, kind: (TokenMail | GuidanceMail)['kind']): number {
  const { confirmation, resetPassword } = runtime.policy
  return kind === 'resetPassword' ? resetPassword.linkMinutes : confirmation.linkHours * 60
}
