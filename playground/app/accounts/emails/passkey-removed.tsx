import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function passkeyRemoved(notice: MailProps['passkeyRemoved']): Mail {
  return {
    subject: `A passkey was removed from your account at ${notice.appName}`,
    body: (
      <Notice notice={notice} title="A passkey was removed">
        <Words>
          The passkey called “{notice.nickname}” no longer opens your account at {notice.appName}.
        </Words>
      </Notice>
    ),
  }
}
