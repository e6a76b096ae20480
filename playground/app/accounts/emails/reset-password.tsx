import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

export function resetPassword(props: MailProps['resetPassword']): Mail {
  const { subject, title, preview, text, button, ifNotYou } = languageOf(props).words.resetPassword(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        {text.map((sentences) => (
          <Paragraph key={sentences}>{sentences}</Paragraph>
        ))}
        <Action mail={props} href={props.resetUrl}>
          {button}
        </Action>
        <Quiet>{ifNotYou}</Quiet>
      </Layout>
    ),
  }
}
