import type { NoticeFacts } from '../mail/notice-facts.ts'
import type { PolicyLack, PolicyMethod } from './organization-policy.ts'

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
  /** To whoever asked for its deletion: the link “This wasn’t me” takes that back, too. */
  organizationDeletionScheduled: NoticeFacts & OrganizationDeletionFacts & { organizationsUrl: string }
  /** To its other members. `organizationsUrl`: where an owner restores it; `null` for everybody else. */
  organizationToBeDeleted: OrganizationDeletionFacts & { occurredAt: Date; organizationsUrl: string | null }
  /** To whoever its policy keeps out until they set something up. */
  organizationPolicyChanged: {
    occurredAt: Date
    organization: string
    organizationUrl: string
    /** What they have none of. */
    lacks: readonly PolicyLack[]
    /** From when on two-step verification is asked for; `null` where it is not. */
    secondFactorFrom: Date | null
    /** One of these is asked for; none where any will do. */
    methods: readonly PolicyMethod[]
  }
  memberAdded: MemberFacts & { organizationUrl: string }
  memberRoleChanged: MemberFacts & { formerRole: string; organizationUrl: string }
  /** `role`: the one they had. */
  memberRemoved: MemberFacts
  /** To each owner: nobody joins by this domain any more. */
  domainLost: Pick<MemberFacts, 'occurredAt' | 'organization'> & { domain: string; organizationUrl: string }
}

export interface OrganizationDeletionFacts {
  organization: string
  /** From when on it is due. */
  deleteAfter: Date
}

/** Every email about organizations. */
export type OrganizationMail = keyof OrganizationMailFacts

/** Those with a link of their own. */
export type OrganizationLinkMail = 'organizationInvitation' | 'organizationTransferred'

/** Those with the link “This wasn’t me”. */
export type OrganizationNotice = 'organizationDeletionScheduled'

/** Those that tell of what was done by whoever may do it. */
export type OrganizationPlainNotice = Exclude<OrganizationMail, OrganizationLinkMail | OrganizationNotice>
