import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Layout, Paragraph, Quiet, Since } from './layout.tsx'
import type { MailProps } from './props.ts'

/** A mail about tries with which nobody got in. */
export function blocked<Kind extends 'signInBlocked' | 'codesBlocked'>(
  kind: Kind,
): (props: MailProps[Kind]) => Mail {
  return (props) => {
    const { subject, title, preview, text, next, button, ifNotYou } = languageOf(props).words[kind](props)
    return {
      subject,
      body: (
        <Layout mail={props} title={title} preview={preview}>
          <Paragraph>{text}</Paragraph>
          <Since mail={props} />
          <Paragraph>{next}</Paragraph>
          <Action mail={props} href={props.resetUrl}>
            {button}
          </Action>
          <Quiet>{ifNotYou}</Quiet>
        </Layout>
      ),
    }
  }
}
