/** What an email says to a member about themselves. */
export interface MemberFacts {
  occurredAt: Date
  /** Its name. */
  organization: string
  role: string
}

/** What each email about organizations is told. */
export interface OrganizationMailFacts {
  /** To somebody who may have no account. */
  organizationInvitation: {
    organization: string
    role: string
    /** The address of whoever invites; `null` where it is not proven, or they are gone. */
    invitedBy: string | null
    /** Accepting and declining are done behind one link. */
    invitationUrl: string
    /** How long it works from when it was sent. */
    days: number
  }
  memberAdded: MemberFacts & { organizationUrl: string }
  memberRoleChanged: MemberFacts & { formerRole: string; organizationUrl: string }
  /** `role`: the one they had. */
  memberRemoved: MemberFacts
}

/** Those with a link of their own. */
export type OrganizationLinkMail = 'organizationInvitation'

/** Those that tell of what was done by whoever may do it. */
export type OrganizationPlainNotice = 'memberAdded' | 'memberRoleChanged' | 'memberRemoved'
