import type { Mail, MailProps } from '@sigra/worker'
import { Action, Code, Facts, IfNotYou, Layout, Words } from './layout.tsx'

export function magicLink({
  appName,
  logInUrl,
  code,
  minutes,
  browser,
  address,
}: MailProps['magicLink']): Mail {
  return {
    subject: `Your link to log in at ${appName}`,
    body: (
      <Layout appName={appName} title="Log in" preview={`The link and the code work for ${minutes} minutes.`}>
        <Words>
          Someone, we hope you, asked to log in to {appName} with this address. The link works once, for{' '}
          {minutes} minutes; asking again replaces it.
        </Words>
        <Action href={logInUrl}>Log in</Action>
        <Words>Or enter this code in the browser where you asked:</Words>
        <Code>{code}</Code>
        <Facts
          facts={[
            ['Asked from', browser],
            ['IP address', address],
          ]}
        />
        <IfNotYou>
          It was not you? Then do nothing, and tell nobody the code: we never ask for it by phone, chat or
          mail.
        </IfNotYou>
      </Layout>
    ),
  }
}
