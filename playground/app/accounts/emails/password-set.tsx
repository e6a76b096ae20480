import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function passwordSet(notice: MailProps['passwordSet']): Mail {
  return {
    subject: `Your account at ${notice.appName} has a password now`,
    body: (
      <Notice notice={notice} title="A password was set">
        <Words>
          Your account at {notice.appName} had no password. It has one now, and whoever knows it can sign in
          with it.
        </Words>
      </Notice>
    ),
  }
}
