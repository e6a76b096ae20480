import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function secondFactorBlocked(notice: MailProps['secondFactorBlocked']): Mail {
  const { appName, isRefused } = notice
  return {
    subject: `Wrong codes for your account at ${appName}`,
    body: (
      <Notice
        notice={notice}
        title={isRefused ? 'Codes are switched off' : 'Someone is trying codes'}
        preview="Whoever it is got past the first step of signing in."
      >
        <Words>
          Somebody passed the first step of signing in to your account at {appName}, then typed one wrong code
          after another. Nobody got in by them. But the first step is the password or a link from your mail:
          it seems to be in other hands.
        </Words>
        {isRefused ? (
          <Words>
            Codes of your authenticator app and backup codes are refused from now on, the right ones too.{' '}
            {HOW_TO_LIFT}
          </Words>
        ) : (
          <Words>After every further wrong code your account waits longer before it takes another.</Words>
        )}
      </Notice>
    ),
  }
}

const HOW_TO_LIFT = 'Sign in with a passkey, or ask us, to switch them on again.'
