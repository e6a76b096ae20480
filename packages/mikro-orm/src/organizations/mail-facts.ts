/** What an email says to a member about themselves. */
export interface MemberFacts {
  occurredAt: Date
  /** Its name. */
  organization: string
  role: string
}

/** Who reads that an organization was handed over: whoever did it, got it, or is an owner beside them. */
export type TransferReader = 'giver' | 'receiver' | 'owner'

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
  /** To its owners, as long as it can be undone. */
  organizationTransferred: {
    organization: string
    /** The address of whoever handed it over; `null` where they are gone. */
    from: string | null
    /** Of whom it was handed over to. */
    to: string | null
    reader: TransferReader
    undoUrl: string
    undoUntil: Date
  }
  memberAdded: MemberFacts & { organizationUrl: string }
  memberRoleChanged: MemberFacts & { formerRole: string; organizationUrl: string }
  /** `role`: the one they had. */
  memberRemoved: MemberFacts
}

/** Those with a link of their own. */
export type OrganizationLinkMail = 'organizationInvitation' | 'organizationTransferred'

/** Those that tell of what was done by whoever may do it. */
export type OrganizationPlainNotice = 'memberAdded' | 'memberRoleChanged' | 'memberRemoved'
