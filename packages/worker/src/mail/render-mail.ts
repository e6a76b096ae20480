import type { Mail } from './mails.ts'

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/** Turns a template's answer into HTML and text. react-email is loaded by the first mail, not by the import. */
export async function renderMail(mail: Mail): Promise<RenderedMail> {
  const { render, toPlainText } = await import('react-email')
  const html = await render(mail.body)
  return { subject: cleanLine(mail.subject), html, text: toPlainText(html, textOptions) }
}

const textOptions = {
  selectors: ['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
}

const SUBJECT_LENGTH = 200

/** A name in a subject may hold anything; a header is one line. */
function cleanLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, SUBJECT_LENGTH)
}
