import type { Mail, MailProps } from '@sigra/worker'
import { Action, Facts, formatInstant, Layout, Words } from './layout.tsx'

export function passwordChanged({
  appName,
  occurredAt,
  browser,
  address,
  resetUrl,
}: MailProps['passwordChanged']): Mail {
  return {
    subject: `Your password at ${appName} was changed`,
    body: (
      <Layout
        appName={appName}
        title="Your password was changed"
        preview="If it was you, there is nothing to do."
      >
        <Words>
          Your account at {appName} has a new password. Whoever was signed in with the old one was signed out.
        </Words>
        <Facts
          facts={[
            ['When', formatInstant(occurredAt)],
            ['Browser', browser],
            ['IP address', address],
          ]}
        />
        <Words>
          If it was you, there is nothing to do. If it was not, choose a new password now: that ends every
          session and makes the account yours again.
        </Words>
        <Action href={resetUrl}>Choose a new password</Action>
      </Layout>
    ),
  }
}
