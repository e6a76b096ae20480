import { type MailCommon, type MailKind, mailKinds, type MailProps } from '@sigra/mikro-orm'
import type { Mail, Mails, MailSamples } from './mails.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'

/** A template with its example values, ready to be looked at. */
export interface RenderedSample extends RenderedMail {
  /** `newSignIn`; where there are several languages `newSignIn (de)`. */
  name: string
}

/** Fills the template of one kind in; `null` where the app has none: an app without passkeys lacks theirs. */
export function callTemplate<Kind extends MailKind>(
  mails: Mails,
  kind: Kind,
  props: MailProps[Kind],
): Mail | null {
  const templates: { [K in MailKind]?: (props: MailProps<never>[K]) => Mail } = mails
  return templates[kind]?.(props as MailProps<never>[Kind]) ?? null
}

/**
 * Every template of an app with its example values: for the mailbox's gallery and for tests.
 *
 * @param locales In which languages. @default that of the samples
 */
export async function renderSamples(
  mails: Mails,
  samples: MailSamples,
  locales: readonly string[] = [],
): Promise<RenderedSample[]> {
  const known: Partial<MailSamples> = samples
  const languages = locales.length === 0 ? [null] : locales
  const filled = mailKinds.flatMap((kind) =>
    languages.map(async (locale) => {
      const mail = fillIn(mails, kind, known, locale)
      return (
        mail && { name: languages.length > 1 ? `${kind} (${locale})` : kind, ...(await renderMail(mail)) }
      )
    }),
  )
  return (await Promise.all(filled)).filter((sample) => sample !== null)
}

function fillIn<Kind extends MailKind>(
  mails: Mails,
  kind: Kind,
  samples: { [K in MailKind]?: MailProps[K] },
  locale: string | null,
): Mail | null {
  const props = samples[kind]
  return props === undefined ? null : callTemplate(mails, kind, inLanguage(props, locale))
}

function inLanguage<Props extends MailCommon>(props: Props, locale: string | null): Props {
  return locale === null ? props : { ...props, locale }
}
