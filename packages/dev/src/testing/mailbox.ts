import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A mail of the development mailbox, with what tests look for in it. */
export interface ReceivedMail {
  id: string
  to: string
  from: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  sentAt: Date
  /** The first link of the text, or `null`. */
  link: string | null
  /** The six-digit code of the text, digits only, or `null`. */
  code: string | null
}

export interface WaitForMailOptions {
  /** The address it went to, as it was typed. */
  to: string
  /** Only a mail whose subject holds this. @default any */
  subject?: string
  /** Only a mail sent later. @default any */
  after?: Date
  /** @default 10_000 */
  timeoutMilliseconds?: number
}

/** The mail a test waits for did not come. */
export class MailMissing extends Error {
  override readonly name = 'MailMissing'
  readonly code = 'SIGRA_MAIL_MISSING'
}

const POLL_MILLISECONDS = 20

/** Reads all mails of a mailbox directory (`.sigra/mailbox`), oldest first. */
export async function readMails(directory: string): Promise<ReceivedMail[]> {
  const names = await readdir(directory).catch(() => [])
  const mails: ReceivedMail[] = []
  for (const name of names.filter((file) => file.endsWith('.json')).toSorted()) {
    const mail = parseMail(await readFile(join(directory, name), 'utf8'))
    if (mail) mails.push(mail)
  }
  return mails
}

/**
 * Waits for a mail and returns the newest that fits.
 *
 * @throws {MailMissing} `SIGRA_MAIL_MISSING` when none came in time; the message names what came instead.
 */
export async function waitForMail(directory: string, options: WaitForMailOptions): Promise<ReceivedMail> {
  const { to, subject = '', after = new Date(0), timeoutMilliseconds = 10_000 } = options
  const deadline = Date.now() + timeoutMilliseconds
  for (;;) {
    const mails = await readMails(directory)
    const found = mails.findLast(
      (mail) => mail.to === to && mail.subject.includes(subject) && mail.sentAt > after,
    )
    if (found) return found
    if (Date.now() > deadline) {
      const others = mails.map((mail) => `"${mail.subject}" to ${mail.to}`).join(', ')
      throw new MailMissing(
        `No mail to ${to}${subject && ` about "${subject}"`}. There is: ${others || 'nothing'}.`,
      )
    }
    await sleep(POLL_MILLISECONDS)
  }
}

function parseMail(json: string): ReceivedMail | null {
  const value: unknown = JSON.parse(json)
  if (!isMessage(value)) return null
  const digits = /(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)/.exec(value.text.replaceAll(/https?:\/\/\S+/g, ''))
  return {
    ...value,
    sentAt: new Date(value.sentAt),
    link: /https?:\/\/[^\s)>\]]+/.exec(value.text)?.[0] ?? null,
    code: digits ? `${digits[1]}${digits[2]}` : null,
  }
}

type Message = Omit<ReceivedMail, 'sentAt' | 'link' | 'code'> & { sentAt: string }

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false
  const texts = new Map<string, unknown>(Object.entries(value))
  return ['id', 'to', 'from', 'subject', 'text', 'html', 'sentAt'].every(
    (key) => typeof texts.get(key) === 'string',
  )
}
