import type { OrganizationScope } from '@sigra/remix/organizations'

/** What the frame of an organization's pages shows. */
export function pageOf({ organization, role, permissions }: OrganizationScope) {
  return { organization, role: role ?? '', permissions: [...permissions] }
}

export type OrganizationPageData = ReturnType<typeof pageOf>
