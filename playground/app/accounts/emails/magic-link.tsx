import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, AskedFrom, Code, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

export function magicLink(props: MailProps['magicLink']): Mail {
  const { subject, title, preview, text, button, codeIntro, ifNotYou } =
    languageOf(props).words.magicLink(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        <Paragraph>{text}</Paragraph>
        <Action mail={props} href={props.logInUrl}>
          {button}
        </Action>
        <Paragraph>{codeIntro}</Paragraph>
        <Code>{props.code}</Code>
        <AskedFrom mail={props} />
        <Quiet>{ifNotYou}</Quiet>
      </Layout>
    ),
  }
}
