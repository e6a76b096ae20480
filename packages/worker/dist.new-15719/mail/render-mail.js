/** Turns a template's answer into HTML and text. react-email is loaded by the first mail, not by the import. */
export async function renderMail(mail) {
  const { render, toPlainText } = await import('react-email')
  const html = await render(mail.body)
  return { subject: cleanLine(mail.subject), html, text: toPlainText(html, textOptions) }
}
const textOptions = {
  selectors: ['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
}
const SUBJECT_LENGTH = 200
/** A name in a subject may hold anything; a header is one line. */
function cleanLine(text) {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, SUBJECT_LENGTH)
}
//# sourceMappingURL=render-mail.js.map
