import type { can } from './organizations.server.ts'
import { words } from './words.ts'

interface OrganizationTab {
  /** Its path below that of the organization. */
  below: string
  label: string
  /** It is there for whose role allows this; permissions of yours too. */
  needs?: Parameters<typeof can>[1]
  /** It is about working with others: a personal organization has none. */
  isShared?: true
}

/** The pages of an organization, in the order of their side navigation. */
export const organizationTabs: readonly OrganizationTab[] = [
  { below: '', label: words.tabs.overview },
  { below: '/projects', label: 'Projects', needs: 'project:read' },
  { below: '/members', label: words.tabs.members, needs: 'members:read' },
  { below: '/invitations', label: words.tabs.invitations, needs: 'members:invite', isShared: true },
  { below: '/domains', label: words.tabs.domains, needs: 'domains:manage', isShared: true },
  { below: '/policy', label: words.tabs.policy, needs: 'organization:policy', isShared: true },
  { below: '/audit', label: words.tabs.audit, needs: 'audit:read' },
  { below: '/settings', label: words.tabs.settings },
]
