import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { appName } from '~/brand'
import type { Flash } from '~/flashes'
import { Notice } from './notice'

interface EntryPageProps {
  title: string
  /** What a cover beside the form says: for the pages that people meet first. */
  cover?: { title: string; text: string }
  intro?: ReactNode
  /** A message carried over from the page before. */
  notice?: Flash | null | undefined
  children?: ReactNode
  footer?: ReactNode
}

/** The frame of every page around signing in: the name of the app, and one thing to do. */
export function EntryPage({ title, cover, intro, notice, children, footer }: EntryPageProps) {
  return (
    <div className={cover ? 'entry entry-split' : 'entry'}>
      <header className="entry-bar">
        <Link to="/" className="wordmark">
          {appName}
        </Link>
        {cover && (
          <div className="entry-words">
            <p>{cover.title}</p>
            <p>{cover.text}</p>
          </div>
        )}
      </header>
      <main className="entry-main" id="main">
        <div className="entry-body">
          <div className="entry-head">
            <h1>{title}</h1>
            {intro && <p className="soft">{intro}</p>}
          </div>
          <Notice message={notice} />
          {children}
          {footer && <div className="entry-foot">{footer}</div>}
        </div>
      </main>
    </div>
  )
}
