import { deriveMailedCode, type MailedToken } from '@sigra/core'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { readBrowserNames } from './browser-names.ts'
import { draftNotice } from './draft-notice.ts'
import type { MailReader } from './find-mail-readers.ts'
import { draftLinkMail, isLinkMail } from './link-mail.ts'
import { createMailEnvelope, type MailEnvelope } from './mail-envelope.ts'
import { mailLifeMinutes } from './mail-life.ts'
import { createPageLink, createTokenLink } from './mail-link.ts'
import type { Draft, DraftedMail } from './mail-outcome.ts'
import type { ChangeMail, FarewellMail, GuidanceMail, MailPayload, TokenMail } from './mail-payload.ts'
import { isGuidanceMailKind } from './mail-kinds.ts'
import { deriveChangeToken, deriveRequestedToken } from './requested-token.ts'

/** What a mail is asked for: its link, and the digits beside it. */
interface MailedSecrets {
  token: MailedToken
  code: string
}

/**
 * Makes what the template of a queued mail needs: for a mail someone asked for from its payload and a key, for a notice
 * from the line of the audit log it is about, and for both from what the reader's account says. Whether anybody is to get it, `admitMails` decides, right before
 * it is sent.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const draftMail = defineFlow(
  {
    name: 'draftMail',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, mail: MailPayload, reader: MailReader): Promise<Draft> => {
    if ('eventId' in mail) return draftNotice(runtime, mail, reader)
    if (isLinkMail(mail, runtime)) return draftLinkMail(runtime, mail, reader)
    if (mail.kind === 'accountDeleted') return { draft: draftFarewell(runtime, mail) }
    if (isGuidance(mail)) return { draft: draftGuidance(runtime, mail, reader) }
    const secrets = deriveSecrets(runtime, mail)
    if (secrets === null) return { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key
    return {
      draft:
        mail.kind === 'changeEmail'
          ? draftChangeMail(runtime, mail, reader, secrets)
          : draftTokenMail(runtime, mail, reader, secrets),
    }
  },
)

function isGuidance(mail: TokenMail | GuidanceMail | ChangeMail): mail is GuidanceMail {
  return isGuidanceMailKind(mail.kind)
}

function deriveSecrets(runtime: Runtime, mail: TokenMail | ChangeMail): MailedSecrets | null {
  const token =
    mail.kind === 'changeEmail' ? deriveChangeToken(runtime, mail) : deriveRequestedToken(runtime, mail)
  if (token === null) return null
  const code = deriveMailedCode(runtime.ring, token.purpose, mail.keyId, token.selector)
  return code === null ? null : { token, code }
}

function draftGuidance(runtime: Runtime, mail: GuidanceMail, reader: MailReader): DraftedMail {
  const logInUrl = createPageLink(runtime, 'logIn')
  const resetUrl = createPageLink(runtime, 'resetPassword')
  const props = { appName: runtime.appName, ...reader, logInUrl, resetUrl }
  return { kind: mail.kind, ...envelopeOf(runtime, mail), props }
}

/** Whoever has the address now may be somebody else: nothing is said of them. */
function draftFarewell({ appName, origin }: Runtime, mail: FarewellMail): DraftedMail {
  const { kind, mailId, locale } = mail
  const deletedAt = new Date(mail.deletedAt)
  const props = { appName, locale, user: null, deletedAt }
  return { kind, ...createMailEnvelope(mailId, deletedAt, origin), props }
}

function draftChangeMail(
  runtime: Runtime,
  mail: ChangeMail,
  reader: MailReader,
  { code, token }: MailedSecrets,
): DraftedMail {
  const { linkHours, codeMinutes } = runtime.policy.emailChange
  const changeUrl = createTokenLink(runtime, 'change-email', token)
  const props = { appName: runtime.appName, ...reader, changeUrl, code, linkHours, codeMinutes }
  return { kind: mail.kind, ...envelopeOf(runtime, mail), props }
}

function draftTokenMail(
  runtime: Runtime,
  mail: TokenMail,
  reader: MailReader,
  { code, token }: MailedSecrets,
): DraftedMail {
  const { appName, policy } = runtime
  const common = { appName, ...reader }
  const envelope = envelopeOf(runtime, mail)
  const minutes = mailLifeMinutes(policy, mail.kind)
  const asked = { browser: readBrowserNames(mail.userAgent), address: mail.ip }
  switch (mail.kind) {
    case 'confirmAddress': {
      const { linkHours, codeMinutes } = policy.confirmation
      const confirmUrl = createTokenLink(runtime, 'confirm', token)
      return {
        kind: mail.kind,
        ...envelope,
        props: { ...common, confirmUrl, code, linkHours, codeMinutes },
      }
    }
    case 'magicLink': {
      const logInUrl = createTokenLink(runtime, 'magic-link', token)
      return { kind: mail.kind, ...envelope, props: { ...common, logInUrl, code, minutes, ...asked } }
    }
    case 'resetPassword': {
      const resetUrl = createTokenLink(runtime, 'reset-password', token)
      return { kind: mail.kind, ...envelope, props: { ...common, resetUrl, minutes } }
    }
    case 'sudoCode': {
      const resetUrl = createPageLink(runtime, 'resetPassword')
      return { kind: mail.kind, ...envelope, props: { ...common, code, minutes, resetUrl, ...asked } }
    }
  }
}

function envelopeOf({ origin }: Runtime, mail: TokenMail | GuidanceMail | ChangeMail): MailEnvelope {
  return createMailEnvelope(mail.mailId, new Date(mail.requestedAt), origin)
}
