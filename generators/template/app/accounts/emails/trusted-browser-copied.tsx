import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function trustedBrowserCopied(notice: MailProps['trustedBrowserCopied']): Mail {
  return {
    subject: `A trusted browser of your account at ${notice.appName} may have been copied`,
    body: (
      <Notice notice={notice} title="We no longer trust one of your browsers">
        <Words>
          Somebody passed the first step of signing in to your account at {notice.appName}, and showed what a
          browser you trust held some time ago. That browser holds something newer by now, so there may be two
          of it. It skips the second step no longer: whoever signs in next is asked for it.
        </Words>
        <Words>A browser restored from a backup looks the same.</Words>
      </Notice>
    ),
  }
}
