import type { Mail, MailProps } from '@sigra/worker'
import { Action, Facts, formatInstant, IfNotYou, Layout, Words } from './layout.tsx'

export function signInBlocked({ appName, occurredAt, resetUrl }: MailProps['signInBlocked']): Mail {
  return {
    subject: `We blocked sign-in attempts at ${appName}`,
    body: (
      <Layout
        appName={appName}
        title="We blocked sign-in attempts"
        preview="Too many wrong passwords were tried on your account."
      >
        <Words>
          Too many wrong passwords were tried on your account at {appName}, from browsers you have not used
          before. Such browsers can no longer sign in by password. Those you have used can.
        </Words>
        <Facts facts={[['Since', formatInstant(occurredAt)]]} />
        <Words>To lift the block, choose a new password. A long one that you use nowhere else is best.</Words>
        <Action href={resetUrl}>Choose a new password</Action>
        <IfNotYou>
          It was not you? Nobody got in this way, and your account is unchanged. You can leave it as it is and
          go on signing in from a browser you know.
        </IfNotYou>
      </Layout>
    ),
  }
}
