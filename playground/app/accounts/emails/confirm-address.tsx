import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Code, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

export function confirmAddress(props: MailProps['confirmAddress']): Mail {
  const { subject, title, preview, text, button, codeIntro, ifNotYou } =
    languageOf(props).words.confirmAddress(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        <Paragraph>{text}</Paragraph>
        <Action mail={props} href={props.confirmUrl}>
          {button}
        </Action>
        <Paragraph>{codeIntro}</Paragraph>
        <Code>{props.code}</Code>
        <Quiet>{ifNotYou}</Quiet>
      </Layout>
    ),
  }
}
