import type { OrganizationMail } from '@sigra/remix/organizations'
import type { AreaMails } from '@sigra/worker'
import { notice } from '../../accounts/emails/notices.tsx'
import type { MailUser } from '../../accounts/emails/props.ts'
import { invitation } from './invitation.tsx'
import { membership } from './membership.tsx'
import { transferred } from './transferred.tsx'

export const organizationMails = {
  memberAdded: membership('memberAdded'),
  memberRoleChanged: membership('memberRoleChanged'),
  memberRemoved: membership('memberRemoved'),
  organizationDeletionScheduled: notice('organizationDeletionScheduled'),
  organizationToBeDeleted: membership('organizationToBeDeleted'),
  organizationPolicyChanged: membership('organizationPolicyChanged'),
  domainLost: membership('domainLost'),
  organizationInvitation: invitation,
  organizationTransferred: transferred,
} satisfies AreaMails<OrganizationMail, MailUser>
