import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function secondFactorRemoved(notice: MailProps['secondFactorRemoved']): Mail {
  return {
    subject: `Signing in at ${notice.appName} takes no second step any more`,
    body: (
      <Notice notice={notice} title="The second step was switched off">
        <Words>Signing in to your account at {notice.appName} took a second step. It was switched off.</Words>
      </Notice>
    ),
  }
}
