import type { Mail } from '@sigra/worker'
import { languageOf } from '../../accounts/emails/languages.ts'
import { Action, Layout, Paragraph, Quiet } from '../../accounts/emails/layout.tsx'
import type { MailProps } from '../../accounts/emails/props.ts'

/** To whoever handed an organization over, whoever got it, and its other owners. */
export function transferred(props: MailProps['organizationTransferred']): Mail {
  const { subject, title, text, button, ifRight } = languageOf(props).words.organizationTransferred(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={text}>
        <Paragraph>{text}</Paragraph>
        <Action mail={props} href={props.undoUrl}>
          {button}
        </Action>
        <Quiet>{ifRight}</Quiet>
      </Layout>
    ),
  }
}
