import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  from: string
  recipients: string[]
  /** Exactly what came over the wire. */
  raw: string
}

/** How the sink answers: an SMTP code to refuse with, or `null` to accept. May wait. */
export type Answer = (recipient: string, attempt: number) => number | null | Promise<number | null>

export interface SmtpSink {
  url: string
  port: number
  /** Accepted messages, oldest first. */
  received: ReceivedMail[]
  /** Messages that came over the wire to their end, accepted or not. */
  seen: ReceivedMail[]
  /** How often a message was begun: a RCPT command per recipient. */
  attempts: () => number
  /** Resolves when so many messages have been accepted. */
  waitFor(count: number, milliseconds?: number): Promise<ReceivedMail[]>
  stop(): Promise<void>
}

export interface SinkOptions {
  /** @default a free one */
  port?: number
  /** Answers RCPT TO. @default accepts */
  onRecipient?: Answer
  /** Answers the end of DATA. @default accepts */
  onMessage?: Answer
  /** Speaks TLS from the start, with a certificate nobody vouches for. */
  secure?: boolean
  /** Demands a log-in that never succeeds. */
  refuseLogIn?: boolean
}

/** A real SMTP server that keeps what it is given. */
export async function startSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const received: ReceivedMail[] = []
  const seen: ReceivedMail[] = []
  let attempts = 0
  const server = new SMTPServer({
    authOptional: !options.refuseLogIn,
    secure: options.secure ?? false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: (_auth, _session, callback) => callback(refusal(535)),
    onRcptTo({ address }, _session, callback) {
      attempts += 1
      void settle(options.onRecipient, address, attempts, callback)
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const recipients = rcptTo.map(({ address }) => address)
        const mail = {
          from: mailFrom ? mailFrom.address : '',
          recipients,
          raw: Buffer.concat(chunks).toString('latin1'),
        }
        seen.push(mail)
        void settle(options.onMessage, recipients[0] ?? '', attempts, (error) => {
          if (!error) received.push(mail)
          callback(error)
        })
      })
    },
  })
  server.on('error', () => undefined) // a client that is killed resets its connection
  const port = options.port ?? (await findFreePort())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))

  return {
    url: `${options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    port,
    received,
    seen,
    attempts: () => attempts,
    async waitFor(count, milliseconds = 60_000) {
      const deadline = Date.now() + milliseconds
      while (received.length < count && Date.now() < deadline) await wait(20)
      if (received.length < count) throw new Error(`${received.length} of ${count} messages arrived`)
      return received
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A port where nobody listens. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

async function settle(
  answer: Answer | undefined,
  recipient: string,
  attempt: number,
  callback: (error?: Error | null) => void,
): Promise<void> {
  const code = (await answer?.(recipient, attempt)) ?? null
  callback(code === null ? null : refusal(code))
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error(`5.1.1 no <thanks> https://app.test/users/reset-password/SECRET`), {
    responseCode,
  })
}
