import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function passwordChanged(notice: MailProps['passwordChanged']): Mail {
  return {
    subject: `Your password at ${notice.appName} was changed`,
    body: (
      <Notice notice={notice} title="Your password was changed">
        <Words>
          Your account at {notice.appName} has a new password. Whoever was signed in with the old one was
          signed out.
        </Words>
      </Notice>
    ),
  }
}
