import type { Bucket } from '../policy.ts'
import { bucket, count, days, type Settings } from '../policy-setting.ts'

/** Times and numbers of organizations. */
export interface OrganizationsPolicy {
  /** How many somebody may be an owner of, their personal one aside. */
  maxOwned: number
  /** How long a former slug leads to its organization, and is nobody else's. */
  formerSlugDays: number
  /** How long an organization that is to be deleted can be restored. */
  deletionDays: number
  /** How long a transfer can be undone. */
  transferUndoDays: number
  /** How many members a page of them has. */
  membersPerPage: number
  /** How long an invitation can be accepted. */
  invitationDays: number
  /** How often one is mailed again; each time ends the link before. */
  invitationResends: number
  /** How long whoever declined is not asked again. */
  declinedDays: number
  /** How many addresses one form takes. */
  invitationsPerForm: number
  /** Of one person. */
  invitations: Bucket
  /** Of one organization, and of one that is younger than a day. */
  organizationInvitations: Bucket
  newOrganizationInvitations: Bucket
  /** Emails that invite somebody, to one mailbox, whoever sends them. */
  invitationMails: Bucket
  /** How many domains an organization may have, proven or not. */
  domainsPerOrganization: number
  /** Having the DNS of a domain asked soon. Of one person. */
  domainChecks: Bucket
  /** Of one person. */
  creations: Bucket
  slugChanges: Bucket
  /** Asking for the deletion of organizations. */
  deletions: Bucket
  transfers: Bucket
  /** Changes of policies: members are emailed about each. */
  policies: Bucket
  /** Emails about transfers, to one mailbox, whoever makes them. */
  transferMails: Bucket
  /** Everything else that one person changes in organizations. */
  changes: Bucket
}

const HOUR = 3600
const DAY = 24 * HOUR

export const organizationsSettings: Settings<OrganizationsPolicy> = {
  maxOwned: count('organizations', 20, { to: 1000 }),
  formerSlugDays: days(30),
  deletionDays: days(14, { to: 90 }),
  transferUndoDays: days(7, { to: 30 }),
  membersPerPage: count('members', 50),
  invitationDays: days(7, { to: 30 }),
  invitationResends: count('emails', 5, { from: 0, to: 20 }),
  declinedDays: days(30, { from: 0 }),
  invitationsPerForm: count('addresses', 50, { to: 200 }),
  invitations: bucket(50, DAY),
  organizationInvitations: bucket(200, DAY),
  newOrganizationInvitations: bucket(10, DAY),
  invitationMails: bucket(3, DAY),
  domainsPerOrganization: count('domains', 10, { to: 100 }),
  domainChecks: bucket(20, HOUR),
  creations: bucket(5, HOUR),
  slugChanges: bucket(5, DAY),
  deletions: bucket(5, DAY),
  transfers: bucket(5, DAY),
  policies: bucket(30, DAY),
  transferMails: bucket(50, DAY),
  changes: bucket(300, HOUR),
}
