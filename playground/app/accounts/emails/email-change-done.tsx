import type { Mail } from '@sigra/worker'
import { languageOf } from './languages.ts'
import { Layout, Paragraph, SignInFacts } from './layout.tsx'
import type { MailProps } from './props.ts'

/** A mail about a new address that holds no link: to the new one, or to one that was left for good. */
export function emailChangeDone<Kind extends 'emailIsNow' | 'emailLeft'>(
  kind: Kind,
): (props: MailProps[Kind]) => Mail {
  return (props) => {
    const { subject, title, preview, text } = languageOf(props).words[kind](props)
    return {
      subject,
      body: (
        <Layout mail={props} title={title} preview={preview}>
          {text.map((sentences) => (
            <Paragraph key={sentences}>{sentences}</Paragraph>
          ))}
          <SignInFacts mail={props} />
        </Layout>
      ),
    }
  }
}
