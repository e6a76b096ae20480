import type { Mail, NoticeProps } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Action, Layout, NotMe, Paragraph, SignInFacts } from './layout.tsx'
import type { NoticeWords } from './notice-words.ts'
import type { MailProps } from './props.ts'
import type { MailWords } from './words.ts'

/** A mail about something done to the account, which whoever it was not can undo. */
type NoticeKind = {
  [Kind in keyof MailProps & keyof MailWords]: MailProps[Kind] extends NoticeProps ? Kind : never
}[keyof MailProps & keyof MailWords]

/** What was done, when and from where, and the way out for whoever it was not. */
export function notice<Kind extends NoticeKind>(kind: Kind): (props: MailProps[Kind]) => Mail {
  return (props) => {
    const { words } = languageOf(props)
    const written = write(words, kind, props)
    const { subject, title, text, action, wasYou = words.common.wasYou, preview = wasYou } = written
    return {
      subject,
      body: (
        <Layout mail={props} title={title} preview={preview}>
          {text.map((sentences) => (
            <Paragraph key={sentences}>{sentences}</Paragraph>
          ))}
          <SignInFacts mail={props} />
          {action && (
            <Action mail={props} href={action.href}>
              {action.label}
            </Action>
          )}
          <NotMe mail={props} wasYou={wasYou} undoes={written.undoes ?? words.common.undoes} />
        </Layout>
      ),
    }
  }
}

function write<Kind extends NoticeKind>(words: MailWords, kind: Kind, props: MailProps[Kind]): NoticeWords {
  const notices: { [K in NoticeKind]: (props: MailProps[K]) => NoticeWords } = words
  return notices[kind](props)
}
