import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Code, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

export function changeEmail(props: MailProps['changeEmail']): Mail {
  const { subject, title, preview, text, button, codeIntro, ifNotYou } =
    languageOf(props).words.changeEmail(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        <Paragraph>{text}</Paragraph>
        <Action mail={props} href={props.changeUrl}>
          {button}
        </Action>
        <Paragraph>{codeIntro}</Paragraph>
        <Code>{props.code}</Code>
        <Quiet>{ifNotYou}</Quiet>
      </Layout>
    ),
  }
}
