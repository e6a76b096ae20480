import type { Mail, MailProps } from '@sigra/worker'
import { Action, Code, IfNotYou, Layout, Words } from './layout.tsx'

export function confirmAddress({
  appName,
  confirmUrl,
  code,
  linkHours,
  codeMinutes,
}: MailProps['confirmAddress']): Mail {
  return {
    subject: `Confirm your address for ${appName}`,
    body: (
      <Layout
        appName={appName}
        title="Confirm your address"
        preview="The link and the code to finish registering."
      >
        <Words>
          Welcome to {appName}. Please confirm that this address is yours. The link works once, for{' '}
          {linkHours} hours.
        </Words>
        <Action href={confirmUrl}>Confirm address</Action>
        <Words>Or enter this code in the browser where you registered, within {codeMinutes} minutes:</Words>
        <Code>{code}</Code>
        <IfNotYou>
          You did not register? Somebody may have mistyped their own address. You can leave this mail alone:
          the account stays unusable. Or open the link and choose “I did not register”, and we delete it.
        </IfNotYou>
      </Layout>
    ),
  }
}
