import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Layout, Paragraph } from './layout.tsx'
import type { MailProps } from './props.ts'

/** The last mail. Nothing is known of its reader any more. */
export function accountDeleted(props: MailProps['accountDeleted']): Mail {
  const { subject, title, preview, text } = languageOf(props).words.accountDeleted(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        {text.map((sentences) => (
          <Paragraph key={sentences}>{sentences}</Paragraph>
        ))}
      </Layout>
    ),
  }
}
