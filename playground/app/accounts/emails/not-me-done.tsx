import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Layout, Paragraph, Quiet, SignInFacts } from './layout.tsx'
import type { MailProps } from './props.ts'

export function notMeDone(props: MailProps['notMeDone']): Mail {
  const { subject, title, preview, text, next, button, ifNotYou } = languageOf(props).words.notMeDone(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        {text.map((sentences) => (
          <Paragraph key={sentences}>{sentences}</Paragraph>
        ))}
        <SignInFacts mail={props} />
        <Paragraph>{next}</Paragraph>
        <Action mail={props} href={props.resetUrl}>
          {button}
        </Action>
        <Quiet>{ifNotYou}</Quiet>
      </Layout>
    ),
  }
}
