import type { Mail, MailProps } from '@sigra/worker'
import { Action, Facts, formatInstant, Layout, Words } from './layout.tsx'

export function addressConfirmed({
  appName,
  occurredAt,
  browser,
  address,
  resetUrl,
}: MailProps['addressConfirmed']): Mail {
  return {
    subject: `Your address at ${appName} is confirmed`,
    body: (
      <Layout appName={appName} title="Your address is confirmed" preview="You can log in now.">
        <Words>This address now belongs to an account at {appName}, and you can log in with it.</Words>
        <Facts
          facts={[
            ['When', formatInstant(occurredAt)],
            ['Browser', browser],
            ['IP address', address],
          ]}
        />
        <Words>
          If it was you, there is nothing to do. If it was not, choose a new password: that signs out whoever
          confirmed it and makes the account yours.
        </Words>
        <Action href={resetUrl}>Choose a new password</Action>
      </Layout>
    ),
  }
}
