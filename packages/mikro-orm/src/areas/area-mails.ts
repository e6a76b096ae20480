import type { MailCommon } from '../mail/notice-facts.ts'
import type {
  OrganizationLinkMail,
  OrganizationMailFacts,
  OrganizationPlainNotice,
} from '../organizations/mail-facts.ts'

/** Mails of areas about what there is nothing to dispute of. */
export type AreaPlainNoticeKind = OrganizationPlainNotice

/** Mails of areas with a link of the area's own. */
export type AreaLinkMailKind = OrganizationLinkMail

export type AreaPlainNoticeProps = OrganizationMailFacts[AreaPlainNoticeKind] & MailCommon

export type AreaLinkMailProps = OrganizationMailFacts[AreaLinkMailKind] & MailCommon
