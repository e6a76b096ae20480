import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function newSignIn(notice: MailProps['newSignIn']): Mail {
  return {
    subject: `New sign-in to your account at ${notice.appName}`,
    body: (
      <Notice notice={notice} title="A new browser signed in">
        <Words>
          Someone signed in to your account at {notice.appName} in a browser that was never used for it
          before.
        </Words>
      </Notice>
    ),
  }
}
