import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { appName } from '~/brand'
import { Notice } from './notice'

interface EntryPageProps {
  title: string
  intro?: ReactNode
  /** A message carried over from the page before. */
  notice?: string | null | undefined
  children?: ReactNode
  footer?: ReactNode
}

/** The frame of every page around signing in: the cover with the name, and one thing to do. */
export function EntryPage({ title, intro, notice, children, footer }: EntryPageProps) {
  return (
    <div className="entry">
      <header className="entry-cover">
        <Link to="/" className="wordmark">
          {appName}
        </Link>
        <div className="entry-words">
          <p>Welcome in.</p>
          <p>Your account stays yours: whenever something about it changes, we tell you by mail.</p>
        </div>
      </header>
      <main className="entry-main" id="main">
        <div className="entry-body">
          <Notice message={notice} />
          <div className="entry-head">
            <h1>{title}</h1>
            {intro && <p className="soft">{intro}</p>}
          </div>
          {children}
          {footer && <div className="entry-foot">{footer}</div>}
        </div>
      </main>
    </div>
  )
}
