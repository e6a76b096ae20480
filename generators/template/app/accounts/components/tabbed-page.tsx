import type { ReactNode } from 'react'
import type { Flash } from '~/flashes'
import { AppBar } from './app-bar'
import { Notice } from './notice'

export interface TabbedPageProps {
  title: string
  intro?: ReactNode
  /** Who is signed in. */
  email: string
  /** A message carried over from the page before. */
  notice?: Flash | null | undefined
  children: ReactNode
}

interface Tabs {
  /** What the pages beside this one are, for screen readers. */
  label: string
  /** A link to each. */
  tabs: ReactNode
}

/** The frame of pages that stand beside each other, with the way from one to the next. */
export function TabbedPage({ label, tabs, title, intro, email, notice, children }: TabbedPageProps & Tabs) {
  return (
    <>
      <AppBar email={email} />
      <main className="page settings" id="main">
        <nav className="side" aria-label={label}>
          {tabs}
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
