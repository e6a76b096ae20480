import type { ReactElement, ReactNode } from 'react'
import type { NoticeProps } from '@sigra/worker'
import { Action, Facts, formatInstant, IfNotYou, Layout, Words } from './layout.tsx'

interface NoticeProperties {
  notice: NoticeProps
  title: string
  preview?: string
  /** What the button also undoes, beside what it always does: it continues "… and removes the password". */
  alsoUndoes?: string
  children: ReactNode
}

/** A notice about something done to the account: what, when, from where, and the way out for whoever it was not. */
export function Notice({
  notice,
  title,
  preview,
  alsoUndoes = '',
  children,
}: NoticeProperties): ReactElement {
  const { appName, occurredAt, browser, address, notMeUrl, notMeDays } = notice
  return (
    <Layout
      appName={appName}
      title={title}
      preview={preview ?? 'If it was you, there is nothing to do. If it was not, this mail helps.'}
    >
      {children}
      <Facts facts={factsOf({ occurredAt, browser, address })} />
      <Words>
        If it was you, there is nothing to do. If it was not, tell us: that signs everyone out and removes the
        password{alsoUndoes}. You then get a link to choose a new one.
      </Words>
      <Action href={notMeUrl}>This wasn’t me</Action>
      <IfNotYou>
        The page asks once more before anything happens. The link works for {notMeDays} days.
      </IfNotYou>
    </Layout>
  )
}

/** When, from which browser, from which address. */
export function factsOf({
  occurredAt,
  browser,
  address,
}: Pick<NoticeProps, 'occurredAt' | 'browser' | 'address'>): readonly (readonly [string, string])[] {
  return [
    ['When', formatInstant(occurredAt)],
    ['Browser', browser],
    ['IP address', address],
  ]
}
