import type { Mail, MailProps } from '@sigra/worker'
import { Action, IfNotYou, Layout, Words } from './layout.tsx'

export function resetPassword({ appName, resetUrl, minutes }: MailProps['resetPassword']): Mail {
  return {
    subject: `Choose a new password for ${appName}`,
    body: (
      <Layout
        appName={appName}
        title="Choose a new password"
        preview={`The link works for ${minutes} minutes.`}
      >
        <Words>
          Someone, we hope you, asked for a new password for your account at {appName}, or registered again
          before confirming this address. The link works once, for {minutes} minutes, and confirms the address
          as well; asking again replaces it.
        </Words>
        <Action href={resetUrl}>Choose a new password</Action>
        <IfNotYou>You did not ask? Then do nothing: your password stays as it is.</IfNotYou>
      </Layout>
    ),
  }
}
