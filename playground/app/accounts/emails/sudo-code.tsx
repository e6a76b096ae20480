import type { Mail, MailProps } from '@sigra/worker'
import { Code, Facts, IfNotYou, Inline, Layout, Words } from './layout.tsx'

export function sudoCode({
  appName,
  code,
  minutes,
  resetUrl,
  browser,
  address,
}: MailProps['sudoCode']): Mail {
  return {
    subject: `Your code for ${appName}`,
    body: (
      <Layout appName={appName} title="Is it you?" preview={`The code works for ${minutes} minutes.`}>
        <Words>
          You are signed in at {appName} and about to change something important. Enter this code in the same
          browser, within {minutes} minutes:
        </Words>
        <Code>{code}</Code>
        <Facts
          facts={[
            ['Asked from', browser],
            ['IP address', address],
          ]}
        />
        <IfNotYou>
          It was not you? Then someone else is signed in to your account. Tell nobody the code, and{' '}
          <Inline href={resetUrl}>choose a new password</Inline>: that signs everyone out.
        </IfNotYou>
      </Layout>
    ),
  }
}
