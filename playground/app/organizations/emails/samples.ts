import type { OrganizationMail } from '@sigra/remix/organizations'
import type { AreaMailSamples } from '@sigra/worker'
import type { MailUser } from '../../accounts/emails/props.ts'
import { common, notice, occurredAt, token } from '../../accounts/emails/sample-facts.ts'

const member = { ...common, occurredAt, organization: 'Blue Harbour', role: 'member' }
const deletion = { organization: 'Blue Harbour', deleteAfter: new Date('2026-05-18T09:41:00Z') }
const organizationsUrl = 'https://app.example.com/organizations'
const organizationUrl = 'https://app.example.com/organizations/blue-harbour'

export const organizations = {
  organizationDeletionScheduled: { ...notice, ...deletion, notMeDays: 14, organizationsUrl },
  organizationToBeDeleted: { ...common, ...deletion, occurredAt, organizationsUrl: null },
  organizationPolicyChanged: {
    ...common,
    occurredAt,
    organization: 'Blue Harbour',
    organizationUrl,
    lacks: ['second-factor', 'method'],
    secondFactorFrom: new Date('2026-05-18T09:41:00Z'),
    methods: ['otp', 'user'],
  },
  organizationTransferred: {
    ...common,
    organization: 'Blue Harbour',
    from: 'sam@example.com',
    to: 'ada@example.net',
    reader: 'giver',
    undoUrl: `https://app.example.com/organizations/transfers/${token}`,
    undoUntil: new Date('2026-03-22T09:05:00Z'),
  },
  memberAdded: { ...member, organizationUrl },
  memberRoleChanged: { ...member, role: 'admin', formerRole: 'member', organizationUrl },
  memberRemoved: member,
  domainLost: {
    ...common,
    occurredAt,
    organization: 'Blue Harbour',
    domain: 'blue-harbour.example',
    organizationUrl,
  },
  organizationInvitation: {
    ...common,
    user: null, // its reader may have no account
    organization: 'Blue Harbour',
    role: 'admin',
    invitedBy: 'ada@example.net',
    invitationUrl: `https://app.example.com/invitations/${token}`,
    days: 7,
  },
} satisfies AreaMailSamples<OrganizationMail, MailUser>
