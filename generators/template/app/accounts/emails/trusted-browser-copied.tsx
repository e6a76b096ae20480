import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function trustedBrowserCopied(notice: MailProps['trustedBrowserCopied']): Mail {
  return {
    subject: `A trusted browser of your account at ${notice.appName} may have been copied`,
    body: (
      <Notice notice={notice} title="We no longer trust one of your browsers">
        <Words>
          Someone got past the first step of signing in to your account at {notice.appName} with an old copy
          of what one of your trusted browsers keeps. That browser now has a newer one, so it may have been
          copied. We no longer trust it: the next sign-in there asks for the second step.
        </Words>
        <Words>This also happens when a browser is restored from a backup.</Words>
      </Notice>
    ),
  }
}
