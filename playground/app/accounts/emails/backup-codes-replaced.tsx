import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function backupCodesReplaced(notice: MailProps['backupCodesReplaced']): Mail {
  return {
    subject: `You have new backup codes at ${notice.appName}`,
    body: (
      <Notice notice={notice} title="Your backup codes were replaced">
        <Words>
          Ten new backup codes were made for your account at {notice.appName}. The old ones no longer work.
        </Words>
      </Notice>
    ),
  }
}
