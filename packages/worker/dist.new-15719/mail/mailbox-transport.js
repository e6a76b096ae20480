import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
/**
 * Puts each message into a folder instead of sending it: one JSON file, written aside and renamed, so that a reader
 * never meets half a message. The same mail sent twice stays one file.
 */
export function mailboxTransport(directory) {
  return async (mail) => {
    const sentAt = new Date()
    const message = {
      id: mail.id,
      to: mail.to,
      from: mail.from.name ? `${mail.from.name} <${mail.from.address}>` : mail.from.address,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: { 'Message-ID': mail.messageId, Date: mail.date.toUTCString(), ...mail.headers },
      sentAt: sentAt.toISOString(),
    }
    await mkdir(directory, { recursive: true, mode: 0o700 }) // the links in there work
    const earlier = (await readdir(directory)).find((name) => name.endsWith(`-${mail.id}.json`))
    const draft = join(directory, `.${mail.id}-${process.pid}.tmp`)
    await writeFile(draft, `${JSON.stringify(message, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, join(directory, earlier ?? `${sentAt.getTime()}-${mail.id}.json`))
  }
}
//# sourceMappingURL=mailbox-transport.js.map
