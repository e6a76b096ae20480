import type { Mail } from '@sigra/worker'
import { languageOf } from '../../accounts/emails/languages.ts'
import { Action, Layout, Paragraph, Quiet } from '../../accounts/emails/layout.tsx'
import type { MailProps } from '../../accounts/emails/props.ts'

export function invitation(props: MailProps['organizationInvitation']): Mail {
  const { subject, title, preview, text, button, ifNotYou } =
    languageOf(props).words.organizationInvitation(props)
  return {
    subject,
    body: (
      <Layout mail={props} title={title} preview={preview}>
        {text.map((sentences) => (
          <Paragraph key={sentences}>{sentences}</Paragraph>
        ))}
        <Action mail={props} href={props.invitationUrl}>
          {button}
        </Action>
        <Quiet>{ifNotYou}</Quiet>
      </Layout>
    ),
  }
}
