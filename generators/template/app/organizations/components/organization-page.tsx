// sigra:file organizations
import { NavLink } from 'react-router'
import { TabbedPage, type TabbedPageProps } from '~/accounts/components/tabbed-page'
import type { OrganizationPageData } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { organizationTabs } from '~/organizations/tabs'
import { words } from '~/organizations/words'

interface OrganizationPageProps extends TabbedPageProps {
  page: OrganizationPageData
}

/** The frame of the pages of one organization. */
export function OrganizationPage({ page, ...props }: OrganizationPageProps) {
  const { organization, permissions } = page
  const tabs = organizationTabs.filter(
    ({ needs, isShared }) =>
      (needs === undefined || permissions.includes(needs)) && !(isShared && organization.isPersonal),
  )
  const links = tabs.map(({ below, label }) => (
    <NavLink key={below} to={pathIn(organization.slug, below)} end={below === ''}>
      {label}
    </NavLink>
  ))
  return <TabbedPage label={words.tabs.label(organization.name)} tabs={links} {...props} />
}
