// sigra:file organizations
import type { OrganizationMails } from '@sigra/worker'
import type { MailUser } from '../../accounts/emails/props.ts'
import { invitation } from './invitation.tsx'
import { membership } from './membership.tsx'
import { transferred } from './transferred.tsx'

export const organizationMails = {
  memberAdded: membership('memberAdded'),
  memberRoleChanged: membership('memberRoleChanged'),
  memberRemoved: membership('memberRemoved'),
  organizationInvitation: invitation,
  organizationTransferred: transferred,
} satisfies OrganizationMails<MailUser>
