import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { AppBar } from '~/accounts/components/app-bar'
import { Notice } from '~/accounts/components/notice'
import type { Flash } from '~/flashes'
import type { OrganizationPageData } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { organizationTabs } from '~/organizations/tabs'
import { words } from '~/organizations/words'

interface OrganizationPageProps {
  title: string
  intro?: ReactNode
  /** Who is logged in. */
  email: string
  page: OrganizationPageData
  /** A message carried over from the page before. */
  notice?: Flash | null | undefined
  children: ReactNode
}

/** The frame of the pages of one organization. */
export function OrganizationPage({ title, intro, email, page, notice, children }: OrganizationPageProps) {
  const { organization, permissions } = page
  const tabs = organizationTabs.filter(({ needs }) => needs === undefined || permissions.includes(needs))
  return (
    <>
      <AppBar email={email} />
      <main className="page settings" id="main">
        <nav className="side" aria-label={words.tabs.label(organization.name)}>
          {tabs.map(({ below, label }) => (
            <NavLink key={below} to={pathIn(organization.slug, below)} end={below === ''}>
              {label}
            </NavLink>
          ))}
        </nav>
        <div className="settings-body">
          <div className="settings-head">
            <h1>{title}</h1>
            {intro && <p className="soft">{intro}</p>}
          </div>
          <Notice message={notice} />
          {children}
        </div>
      </main>
    </>
  )
}
