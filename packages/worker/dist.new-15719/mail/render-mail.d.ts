import type { Mail } from './mails.ts'
export interface RenderedMail {
  subject: string
  html: string
  text: string
}
/** Turns a template's answer into HTML and text. react-email is loaded by the first mail, not by the import. */
export declare function renderMail(mail: Mail): Promise<RenderedMail>
//# sourceMappingURL=render-mail.d.ts.map
