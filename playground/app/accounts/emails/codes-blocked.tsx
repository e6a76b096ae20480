import type { Mail, MailProps } from '@sigra/worker'
import { Action, Facts, formatInstant, IfNotYou, Layout, Words } from './layout.tsx'

export function codesBlocked({ appName, occurredAt, resetUrl }: MailProps['codesBlocked']): Mail {
  return {
    subject: `We switched off mailed codes for your account at ${appName}`,
    body: (
      <Layout
        appName={appName}
        title="Mailed codes are switched off"
        preview="Too many wrong codes were typed for your account."
      >
        <Words>
          Too many wrong codes were typed for your account at {appName}. From now on the six digits in our
          mails are refused, the right ones too. The links beside them still work.
        </Words>
        <Facts facts={[['Since', formatInstant(occurredAt)]]} />
        <Words>
          The next time you sign in, or use a link from one of our mails, codes work again. Choosing a new
          password does it too.
        </Words>
        <Action href={resetUrl}>Choose a new password</Action>
        <IfNotYou>
          It was not you? Nobody got in this way, and your account is unchanged. There is nothing you have to
          do.
        </IfNotYou>
      </Layout>
    ),
  }
}
