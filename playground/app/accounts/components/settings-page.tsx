import type { ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import { whereIn } from '~/accounts/settings-tabs'
import { words } from '~/accounts/words'
import { settingsTabs } from '~/settings-tabs'
import { AppBar } from './app-bar'
import type { Flash } from '~/flashes'
import { Notice } from './notice'

interface SettingsPageProps {
  title: string
  intro?: ReactNode
  /** Who is signed in. */
  email: string
  /** A message carried over from the page before. */
  notice?: Flash | null | undefined
  children: ReactNode
}

/** The frame of the pages on which people look after their own account. */
export function SettingsPage({ title, intro, email, notice, children }: SettingsPageProps) {
  const { pathname } = useLocation()
  return (
    <>
      <AppBar email={email} />
      <main className="page settings" id="main">
        <nav className="side" aria-label={words.settings.label}>
          {settingsTabs.map((tab) => (
            <Link key={tab.path} to={tab.path} aria-current={whereIn(tab, pathname)}>
              {tab.label}
            </Link>
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
