import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function secondFactorAdded(notice: MailProps['secondFactorAdded']): Mail {
  return {
    subject: `Signing in at ${notice.appName} now takes a second step`,
    body: (
      <Notice
        notice={notice}
        title="A second step was switched on"
        alsoUndoes={` and, within ${notice.removableHours} hours, an authenticator app that was just added`}
      >
        <Words>
          Signing in to your account at {notice.appName} now takes a second step, and backup codes stand in
          for it when it is lost.
        </Words>
      </Notice>
    ),
  }
}
