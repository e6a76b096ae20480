import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Inline, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

export function alreadyRegistered(props: MailProps['alreadyRegistered']): Mail {
  const { subject, title, preview, text, button, forgot, reset, ifNotYou } =
    languageOf(props).words.alreadyRegistered(props)
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
