import { parseEmail } from '@sigra/core'
import { parseSmtpUrl } from '@sigra/mikro-orm'
import { createTransport } from 'nodemailer'
import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool'
import { MailNotSent } from './mail-not-sent.ts'
import { MailRefused, type MailTransport, type OutgoingMail } from './mail-transport.ts'

// Long enough for a slow server, short enough that a stop of the worker waits for none of them.
const CONNECT_MILLISECONDS = 10_000
const SILENCE_MILLISECONDS = 20_000

/**
 * Sends by SMTP: `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS, which is demanded except on this
 * machine. A relay without TLS in a network you trust is named openly: `smtp://relay:25?ignoreTLS=true`. Other settings
 * of nodemailer go behind the `?` too.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the URL is missing or not one of these.
 */
export function smtpTransport(url: string | undefined): MailTransport {
  const transporter = createTransport(readSettings(url))
  return Object.assign(
    async (message: OutgoingMail): Promise<void> => {
      // nodemailer reads an envelope's text as a list and would find recipients in it.
      if (parseEmail(message.to)?.typed !== message.to)
        throw new MailRefused('The recipient is not one address')
      try {
        await transporter.sendMail(toNodemailer(message))
      } catch (error) {
        throw explainSmtpError(error)
      }
    },
    { close: () => transporter.close() },
  )
}

function readSettings(text: string | undefined): SMTPPoolOptions & { pool: true } {
  const url = parseSmtpUrl(text)
  const asked = url.searchParams
  const openly = asked.has('ignoreTLS') || asked.has('opportunisticTLS') || asked.has('requireTLS')
  const tlsDemanded = url.protocol === 'smtp:' && !openly && !isLoopback(url.hostname)
  return {
    // What stands in the URL comes last in nodemailer, so a default is left out where the URL names it.
    ...unless(asked, 'connectionTimeout', CONNECT_MILLISECONDS),
    ...unless(asked, 'greetingTimeout', CONNECT_MILLISECONDS),
    ...unless(asked, 'dnsTimeout', CONNECT_MILLISECONDS),
    ...unless(asked, 'socketTimeout', SILENCE_MILLISECONDS),
    ...unless(asked, 'maxRequeues', 0), // the queue tries again, and counts
    ...(tlsDemanded ? { requireTLS: true } : {}),
    url: text,
    pool: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function unless<K extends string>(asked: URLSearchParams, key: K, value: number): { [key in K]?: number } {
  const chosen: { [key in K]?: number } = {}
  if (!asked.has(key)) chosen[key] = value
  return chosen
}

/** Whether mail to a relay stays on this machine. A whole address: `127.relay.example.com` is somebody's name. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function toNodemailer(message: OutgoingMail): object {
  return {
    envelope: { from: message.from.address, to: [message.to] },
    from: message.from,
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.text,
    html: message.html,
    messageId: message.messageId,
    date: message.date,
    baseBoundary: message.boundary,
    textEncoding: 'quoted-printable',
    headers: message.headers,
  }
}

// Refused as such: the recipient or the message. A refused log-in or sender is a mistake of ours, and waits for mending.
const ABOUT_THE_MESSAGE = new Set(['RCPT TO', 'DATA'])

/** A server's words may quote the message, links included: only code and step go on from here. */
function explainSmtpError(error: unknown): Error {
  const { code, responseCode, command, response } = describe(error)
  const status = /^\d{3}[ -](?<status>\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.groups?.['status']
  const answer = [responseCode ?? code, status, command && `at ${command}`].filter(Boolean).join(' ')
  if (responseCode !== undefined && responseCode >= 500 && ABOUT_THE_MESSAGE.has(command)) {
    return new MailRefused(`The SMTP server refused the message: ${answer}`)
  }
  return new MailNotSent(`The SMTP server did not take the message: ${answer}`)
}

function describe(error: unknown): {
  code: string
  responseCode?: number
  command: string
  response: string
} {
  const read = (key: string): unknown =>
    typeof error === 'object' && error !== null && key in error ? Reflect.get(error, key) : undefined
  const responseCode = read('responseCode')
  return {
    code: String(read('code') ?? 'unknown error'),
    command: String(read('command') ?? ''),
    response: String(read('response') ?? ''),
    ...(typeof responseCode === 'number' ? { responseCode } : {}),
  }
}
