import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function sudoRecovery(notice: MailProps['sudoRecovery']): Mail {
  return {
    subject: `A backup code was used to change how you sign in at ${notice.appName}`,
    body: (
      <Notice notice={notice} title="A lost second step is being replaced">
        <Words>
          Someone signed in to your account at {notice.appName} said that your second step is lost, and proved
          themselves by the password or a mailed code together with a backup code. They can now switch the
          second step off or replace it, and nothing else.
        </Words>
      </Notice>
    ),
  }
}
