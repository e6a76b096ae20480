import type { Mail } from '@sigra/worker'
import { languageOf } from '../../accounts/emails/languages.ts'
import { Action, Layout, Paragraph } from '../../accounts/emails/layout.tsx'
import type { MailProps } from '../../accounts/emails/props.ts'
import type { MailWords } from '../../accounts/emails/words.ts'

type Kind =
  | 'memberAdded'
  | 'memberRoleChanged'
  | 'memberRemoved'
  | 'domainLost'
  | 'organizationToBeDeleted'
  | 'organizationPolicyChanged'

interface MembershipWords {
  subject: string
  title: string
  text: readonly string[]
  action?: { label: string; href: string }
}

/** What became of somebody in an organization, or of the organization. */
export function membership<K extends Kind>(kind: K): (props: MailProps[K]) => Mail {
  return (props) => {
    const { subject, title, text, action } = write(languageOf(props).words, kind, props)
    return {
      subject,
      body: (
        <Layout mail={props} title={title} preview={text.join(' ')}>
          {text.map((sentences) => (
            <Paragraph key={sentences}>{sentences}</Paragraph>
          ))}
          {action && (
            <Action mail={props} href={action.href}>
              {action.label}
            </Action>
          )}
        </Layout>
      ),
    }
  }
}

function write<K extends Kind>(words: MailWords, kind: K, props: MailProps[K]): MembershipWords {
  const written: { [Each in Kind]: (props: MailProps[Each]) => MembershipWords } = words
  return written[kind](props)
}
