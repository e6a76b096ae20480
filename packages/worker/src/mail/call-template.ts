import { type MailKind, mailKinds, type MailProps } from '@sigra/mikro-orm'
import type { Mail, Mails, MailSamples } from './mails.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'

/** A template with its example values, ready to be looked at. */
export interface RenderedSample extends RenderedMail {
  name: MailKind
}

/** Fills the template of one kind in; `null` where the app has none: an app without passkeys lacks theirs. */
export function callTemplate<Kind extends MailKind>(
  mails: Mails,
  kind: Kind,
  props: MailProps[Kind],
): Mail | null {
  const templates: { [K in MailKind]?: (props: MailProps[K]) => Mail } = mails
  return templates[kind]?.(props) ?? null
}

/** Every template of an app with its example values: for the mailbox's gallery and for tests. */
export async function renderSamples(mails: Mails, samples: MailSamples): Promise<RenderedSample[]> {
  const known: Partial<MailSamples> = samples
  const filled = mailKinds.map(async (name) => {
    const mail = fillIn(mails, name, known)
    return mail && { name, ...(await renderMail(mail)) }
  })
  return (await Promise.all(filled)).filter((sample) => sample !== null)
}

function fillIn<Kind extends MailKind>(
  mails: Mails,
  kind: Kind,
  samples: { [K in MailKind]?: MailProps[K] },
): Mail | null {
  const props = samples[kind]
  return props === undefined ? null : callTemplate(mails, kind, props)
}
