import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Inline, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

/** A mail to somebody who has an account, about what was asked with their address and is not to be had. */
export function alreadyRegistered<Kind extends 'alreadyRegistered' | 'addressInUse'>(
  kind: Kind,
): (props: MailProps[Kind]) => Mail {
  return (props) => {
    const { subject, title, preview, text, button, forgot, reset, ifNotYou } =
      languageOf(props).words[kind](props)
    return {
      subject,
      body: (
        <Layout mail={props} title={title} preview={preview}>
          <Paragraph>{text}</Paragraph>
          <Action mail={props} href={props.logInUrl}>
            {button}
          </Action>
          <Paragraph>
            {forgot} <Inline href={props.resetUrl}>{reset}</Inline>
          </Paragraph>
          <Quiet>{ifNotYou}</Quiet>
        </Layout>
      ),
    }
  }
}
