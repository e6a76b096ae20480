import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function passkeyAdded(notice: MailProps['passkeyAdded']): Mail {
  return {
    subject: `A passkey was added to your account at ${notice.appName}`,
    body: (
      <Notice notice={notice} title="A passkey was added" alsoUndoes=" and this passkey">
        {/* The name was typed by whoever added it: shown as a name, never as part of a sentence of ours. */}
        <Words>
          Your account at {notice.appName} has a new passkey, called “{notice.nickname}”. Whoever holds it can
          sign in.
        </Words>
      </Notice>
    ),
  }
}
