import type { Mail, MailProps } from '@sigra/worker'
import { Action, Facts, IfNotYou, Layout, Words } from './layout.tsx'
import { factsOf } from './notice.tsx'

export function notMeDone({ removed, ...notice }: MailProps['notMeDone']): Mail {
  const { appName, resetUrl } = notice
  return {
    subject: `We secured your account at ${appName}`,
    body: (
      <Layout
        appName={appName}
        title="Your account is secured"
        preview="Everyone is signed out. Choose a new password to come back in."
      >
        <Words>
          You told us by a link in your mail that something at {appName} was not you. We signed out every
          browser, trust none of them any longer, and ended the sign-in and reset links that were still open.
        </Words>
        {removed.includes('password') && (
          <Words>The password is removed: nobody can sign in with it, not even you.</Words>
        )}
        {removed.includes('second-factor') && (
          <Words>The authenticator app that was added, and its backup codes, are removed.</Words>
        )}
        {removed.includes('backup-codes') && (
          <Words>The backup codes of that time are removed. Make new ones in your settings.</Words>
        )}
        {/* sigra:if passkeys */}
        {removed.includes('passkey') && <Words>The passkey that was added is removed.</Words>}
        {/* sigra:end */}
        <Facts facts={factsOf(notice)} />
        <Words>
          To come back in, choose a new password: the link for it is in a mail of its own, or ask for one
          here. Then look through your settings for anything you do not know.
        </Words>
        <Action href={resetUrl}>Choose a new password</Action>
        <IfNotYou>
          You did not press that button? Then somebody else reads your mail. Change the password of your
          mailbox first.
        </IfNotYou>
      </Layout>
    ),
  }
}
