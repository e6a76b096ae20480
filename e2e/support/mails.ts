import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { query } from './database.ts'
import type { ReceivedMail } from './mail-sink.ts'

export interface Mail {
  subject: string
  text: string
  /** The first link into the app, as the reader would click it. */
  link: string
  /** The six-digit code, where the mail has one. */
  code: string | null
  raw: string
}

const WAIT_TENTHS = 400 // of a second: a mail that never comes costs that once, a busy machine needs it

/** Waits for the newest mail to `address` whose subject matches; mails are queued, so a moment may pass. */
export async function waitForMail(address: string, subject: RegExp, count = 1): Promise<Mail> {
  for (let attempt = 0; attempt < WAIT_TENTHS; attempt += 1) {
    const found = (await mailsTo(address)).filter((mail) => subject.test(mail.subject))
    const mail = found[count - 1]
    if (mail !== undefined) return mail
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const seen = (await mailsTo(address)).map((mail) => mail.subject)
  throw new Error(
    `No mail number ${count} like ${subject} came to ${address}; there are: ${seen.join(', ') || 'none'}`,
  )
}

/** All mails to `address`, those the worker still has included: waits until nothing is queued for it. */
export async function allMailsTo(address: string): Promise<Mail[]> {
  const queued = `select from graphile_worker._private_jobs where payload->>'address' = $1`
  await expect.poll(async () => (await query(queued, [address])).length).toBe(0)
  return mailsTo(address)
}

export async function mailsTo(address: string): Promise<Mail[]> {
  const lines = (await readFile(process.env['E2E_MAIL_FILE'] ?? '', 'utf8').catch(() => '')).split('\n')
  return lines
    .slice(0, -1) // what stands behind the last line break is still being written
    .map((line): ReceivedMail => JSON.parse(line))
    .filter((mail) => mail.to.includes(address))
    .map((mail) => readMail(mail.raw))
}

function readMail(raw: string): Mail {
  const subject = decodeWords(/^Subject: ((?:.*)(?:\r?\n[ \t].*)*)/m.exec(raw)?.[1] ?? '')
  const text = readTextPart(raw)
  const origin = process.env['E2E_ORIGIN'] ?? ''
  const link = text.match(/https?:\/\/[^\s<>"')\]]+/g)?.find((url) => url.startsWith(origin)) ?? ''
  return { subject, text, link, code: /(?<![\w-])(\d{3}[ -]?\d{3})(?![\w-])/.exec(text)?.[1] ?? null, raw }
}

/** The text/plain part, its transfer encoding undone. */
function readTextPart(raw: string): string {
  const start = raw.search(/^Content-Type: text\/plain/m)
  const part = raw.slice(start)
  const [head = '', ...rest] = part.split(/\r?\n\r?\n/)
  const boundary = /boundary="?([^"\r\n;]+)/.exec(raw)?.[1] ?? '\u0000'
  const body = rest.join('\n\n').split(`--${boundary}`)[0] ?? ''
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/quoted-printable/i.test(head)) return body
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function decodeWords(header: string): string {
  return header
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?(q|b)\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : Buffer.from(
            word
              .replaceAll('_', ' ')
              .replaceAll(/=([0-9A-F]{2})/gi, (__, hex: string) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            'latin1',
          ).toString('utf8'),
    )
}
