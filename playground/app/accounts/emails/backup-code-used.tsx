import type { Mail, MailProps } from '@sigra/worker'
import { Words } from './layout.tsx'
import { Notice } from './notice.tsx'

export function backupCodeUsed(notice: MailProps['backupCodeUsed']): Mail {
  const { appName, codesLeft } = notice
  return {
    subject: `A backup code was used at ${appName}`,
    body: (
      <Notice notice={notice} title="A backup code was used" preview={`You have ${count(codesLeft)} left.`}>
        <Words>
          One of the backup codes of your account at {appName} was used in place of your second step. It does
          not work again.
        </Words>
        <Words>
          You have {count(codesLeft)} left.
          {codesLeft <= FEW && ' Make new ones in your settings in good time.'}
        </Words>
      </Notice>
    ),
  }
}

const FEW = 3

function count(codes: number): string {
  if (codes === 0) return 'none'
  return codes === 1 ? '1 code' : `${codes} codes`
}
