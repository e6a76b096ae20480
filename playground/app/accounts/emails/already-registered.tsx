import type { Mail, MailProps } from '@sigra/worker'
import { Action, IfNotYou, Inline, Layout, Words } from './layout.tsx'

export function alreadyRegistered({ appName, logInUrl, resetUrl }: MailProps['alreadyRegistered']): Mail {
  return {
    subject: `You already have an account at ${appName}`,
    body: (
      <Layout appName={appName} title="You already have an account" preview="You can simply log in.">
        <Words>
          Someone, we hope you, tried to register at {appName} with this address. It belongs to an account
          already, so nothing was created and nothing has changed.
        </Words>
        <Action href={logInUrl}>Log in</Action>
        <Words>
          Forgot the password? <Inline href={resetUrl}>Choose a new one</Inline>
        </Words>
        <IfNotYou>
          It was not you? Then there is nothing to do. Whoever tried did not learn from us that this address
          has an account.
        </IfNotYou>
      </Layout>
    ),
  }
}
