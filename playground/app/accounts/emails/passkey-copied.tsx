import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function passkeyCopied(notice: MailProps['passkeyCopied']): Mail {
  return {
    subject: `A passkey of your account at ${notice.appName} may have been copied`,
    body: (
      <Notice notice={notice} title="We refused one of your passkeys" alsoUndoes=" and this passkey">
        <Words>
          Somebody used the passkey called “{notice.nickname}”, and its count of uses says that there are two
          of it. We let nobody in with it. If it happens again, remove it in your settings and add a new one.
        </Words>
      </Notice>
    ),
  }
}
