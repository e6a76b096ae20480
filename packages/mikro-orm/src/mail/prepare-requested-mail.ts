import {
  decodeCanonical,
  deriveMailedCode,
  deriveMailedToken,
  type MailedToken,
  parseSelector,
} from '@sigra/core'
import type { AuditAction } from '../audit/audit-actions.ts'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import type { UserId } from '../context.ts'
import { sql } from '../database/sql.ts'
import { inTransaction, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { insertToken } from '../tokens/insert-token.ts'
import { supersedeEarlierTokens } from '../tokens/supersede-tokens.ts'
import { isStillUsable } from '../tokens/usable-token.ts'
import { chargeRecipient } from './charge-recipient.ts'
import { describeBrowser } from './describe-browser.ts'
import { createMailEnvelope, type MailEnvelope } from './mail-envelope.ts'
import { type TokenMailKind, tokenPurposes } from './mail-kinds.ts'
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

const REQUEST_ACTIONS = {
  confirmAddress: 'auth.confirm_requested',
  magicLink: 'auth.magic_link_requested',
  resetPassword: 'auth.reset_requested',
  sudoCode: 'session.sudo_requested',
} as const satisfies Record<TokenMailKind, AuditAction>

/** What the link and the code of a mail are. */
interface Link {
  token: MailedToken
  code: string
}

/** A mail someone asked for: dropped, or its token row made (a retry finds it) and the mail derived from it. */
export async function prepareRequestedMail(
  runtime: Runtime,
  mail: TokenMail | GuidanceMail,
): Promise<Preparation> {
  if (mail.kind === 'alreadyRegistered') {
    return forRecipient(runtime, mail, async (_, recipient) => describeGuidance(runtime, mail, recipient))
  }
  const link = deriveLink(runtime, mail)
  if (link === null) return { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key
  return forRecipient(runtime, mail, async (tx, recipient) => {
    await storeToken(tx, mail, link.token, recipient)
    if (!(await isStillUsable(tx, link.token))) return { drop: 'link used or superseded' }
    return describeTokenMail(runtime, mail, recipient, link)
  })
}

async function forRecipient(
  runtime: Runtime,
  mail: TokenMail | GuidanceMail,
  prepare: (tx: Transaction, recipient: Recipient) => Promise<Preparation>,
): Promise<Preparation> {
  if (!(await chargeRecipient(runtime, mail))) return { drop: 'too many mails' }
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
  const token = deriveMailedToken(runtime.ring, tokenPurposes[mail.kind], mail.keyId, selector)
  const code = deriveMailedCode(runtime.ring, tokenPurposes[mail.kind], mail.keyId, selector)
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
    redirectTo: mail.redirectTo,
  })
  // A later message to confirm ends only earlier codes, not links: the account is nobody's yet.
  if (mail.kind !== 'confirmAddress') await supersedeEarlierTokens(tx, recipient.id, token.purpose)
  if (!isNew) return
  await recordAuditEvent(tx, sourceOf(mail), {
    action: REQUEST_ACTIONS[mail.kind],
    outcome: 'success',
    subjectId: recipient.id,
  })
}

function describeGuidance(runtime: Runtime, mail: GuidanceMail, recipient: Recipient): Preparation {
  const logInUrl = createPageLink(runtime, 'log-in')
  const resetUrl = createPageLink(runtime, 'reset-password')
  const props = { appName: runtime.appName, logInUrl, resetUrl }
  return { send: { kind: mail.kind, ...addressMail(runtime, mail, recipient), props } }
}

function describeTokenMail(runtime: Runtime, mail: TokenMail, recipient: Recipient, link: Link): Preparation {
  const { appName } = runtime
  const { code, token } = link
  const addressed = addressMail(runtime, mail, recipient)
  const minutes = lifeMinutes(runtime, mail.kind)
  const asked = { browser: describeBrowser(mail.userAgent), address: mail.ip ?? 'unknown' }
  switch (mail.kind) {
    case 'confirmAddress': {
      const { linkHours, codeMinutes } = runtime.policy.confirmation
      const confirmUrl = createTokenLink(runtime, 'confirm', token)
      const props = { appName, confirmUrl, code, linkHours, codeMinutes }
      return { send: { kind: mail.kind, ...addressed, props } }
    }
    case 'magicLink': {
      const logInUrl = createTokenLink(runtime, 'magic-link', token)
      return {
        send: { kind: mail.kind, ...addressed, props: { appName, logInUrl, code, minutes, ...asked } },
      }
    }
    case 'resetPassword': {
      const resetUrl = createTokenLink(runtime, 'reset-password', token)
      return { send: { kind: mail.kind, ...addressed, props: { appName, resetUrl, minutes } } }
    }
    case 'sudoCode': {
      const resetUrl = createPageLink(runtime, 'reset-password')
      return {
        send: { kind: mail.kind, ...addressed, props: { appName, code, minutes, resetUrl, ...asked } },
      }
    }
  }
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

function lifeMinutes({ policy }: Runtime, kind: (TokenMail | GuidanceMail)['kind']): number {
  if (kind === 'magicLink') return policy.magicLink.minutes
  if (kind === 'resetPassword') return policy.resetPassword.linkMinutes
  return kind === 'sudoCode' ? policy.sudo.codeMinutes : policy.confirmation.linkHours * 60
}
