import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { AskedFrom, Code, Inline, Layout, Paragraph, Quiet } from './layout.tsx'
import type { MailProps } from './props.ts'

export function sudoCode(props: MailProps['sudoCode']): Mail {
  const { subject, title, preview, text, ifNotYou, reset } = languageOf(props).words.sudoCode(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        <Paragraph>{text}</Paragraph>
        <Code>{props.code}</Code>
        <AskedFrom mail={props} />
        <Quiet>
          {ifNotYou} <Inline href={props.resetUrl}>{reset}</Inline>
        </Quiet>
      </Layout>
    ),
  }
}
