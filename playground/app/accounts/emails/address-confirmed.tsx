import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function addressConfirmed(notice: MailProps['addressConfirmed']): Mail {
  return {
    subject: `Your address at ${notice.appName} is confirmed`,
    body: (
      <Notice notice={notice} title="Your address is confirmed" preview="You can log in now.">
        <Words>This address now belongs to an account at {notice.appName}, and you can log in with it.</Words>
      </Notice>
    ),
  }
}
