import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createSampleMessage } from '../testing-only/sample-message.ts'
import { findFreePort, type SinkOptions, type SmtpSink, startSmtpSink } from '../testing-only/smtp-sink.ts'
import type { MailTransport } from './mail-transport.ts'
import { isLoopback, smtpTransport } from './smtp-transport.ts'

const opened: { sinks: SmtpSink[]; transports: MailTransport[] } = { sinks: [], transports: [] }

async function connect(options: SinkOptions = {}): Promise<{ sink: SmtpSink; send: MailTransport }> {
  const sink = await startSmtpSink(options)
  const send = smtpTransport(sink.url)
  opened.sinks.push(sink)
  opened.transports.push(send)
  return { sink, send }
}

const noise = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  'Bcc: eve@evil.test',
  ', eve@evil.test',
  '<',
  '>',
  '"',
  ';',
  ' ',
  'ü',
]
const hostile = array(constantFrom(...noise), { maxLength: 8 }).map((parts) => parts.join(''))

function headerNames(raw: string): string[] {
  const [head = ''] = raw.split('\r\n\r\n', 1)
  return head.split(/\r\n(?![ \t])/).map((line) => line.split(':', 1)[0]?.toLowerCase() ?? '')
}

afterEach(async () => {
  for (const transport of opened.transports.splice(0)) transport.close?.()
  for (const sink of opened.sinks.splice(0)) await sink.stop()
})

describe('smtpTransport', () => {
  it('delivers text and HTML to the one recipient', async () => {
    const { sink, send } = await connect()
    await send(createSampleMessage())

    const [mail] = sink.received
    expect(mail?.recipients).toEqual(['ada@example.com'])
    expect(mail?.from).toBe('hello@app.test')
    expect(mail?.raw).toContain('Content-Type: text/plain; charset=utf-8')
    expect(mail?.raw).toContain('Content-Type: text/html; charset=utf-8')
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated')
    expect(mail?.raw).toContain('Date: Mon, 04 May 2026 09:41:00 +0000')
  })

  it('sends the same bytes for the same message, over any connection (MAIL-01)', async () => {
    const { sink, send } = await connect()
    await send(createSampleMessage())
    send.close?.()
    const again = smtpTransport(sink.url)
    opened.transports.push(again)
    await again(createSampleMessage())

    expect(sink.received).toHaveLength(2)
    expect(sink.received[1]?.raw).toBe(sink.received[0]?.raw)
  })

  it('lets no name and no subject add a header or a recipient (INJ-04)', async () => {
    const { sink, send } = await connect()
    await assert(
      asyncProperty(hostile, hostile, async (name, subject) => {
        await send(createSampleMessage({ from: { name, address: 'hello@app.test' }, subject }))
        const mail = sink.received.at(-1)
        expect(mail?.recipients).toEqual(['ada@example.com'])
        const names = headerNames(mail?.raw ?? '')
        expect(new Set(names).size).toBe(names.length)
        expect(names).not.toContain('bcc')
      }),
      { numRuns: 60 },
    )
  })

  it('sends to one address or not at all, whatever the address holds (INJ-04)', async () => {
    const { sink, send } = await connect()
    await assert(
      asyncProperty(hostile, async (noise) => {
        const before = sink.received.length
        const to = `ada${noise}@example.com`
        await send(createSampleMessage({ to })).catch(() => undefined)
        for (const mail of sink.received.slice(before)) expect(mail.recipients).toEqual([to])
      }),
      { numRuns: 60 },
    )
  })

  it('calls a refused recipient final, and a busy server not', async () => {
    const full = await connect({ onRecipient: () => 550 })
    await expect(full.send(createSampleMessage())).rejects.toMatchObject({
      code: 'SIGRA_MAIL_REFUSED',
      permanent: true,
    })

    const busy = await connect({ onRecipient: () => 451 })
    await expect(busy.send(createSampleMessage())).rejects.toMatchObject({ code: 'SIGRA_MAIL_NOT_SENT' })
  })

  it('calls a refused message final', async () => {
    const { send } = await connect({ onMessage: () => 554 })
    await expect(send(createSampleMessage())).rejects.toMatchObject({ code: 'SIGRA_MAIL_REFUSED' })
  })

  it('tries again after a refused log-in, which is our mistake and not the message’s', async () => {
    const { sink } = await connect({ refuseLogIn: true })
    const send = smtpTransport(sink.url.replace('//', '//user:wrong@'))
    opened.transports.push(send)
    await expect(send(createSampleMessage())).rejects.toMatchObject({ code: 'SIGRA_MAIL_NOT_SENT' })
  })

  it('tries again when nobody listens', async () => {
    const send = smtpTransport(`smtp://127.0.0.1:${await findFreePort()}`)
    opened.transports.push(send)
    await expect(send(createSampleMessage())).rejects.toMatchObject({ code: 'SIGRA_MAIL_NOT_SENT' })
  })

  it('repeats nothing of what a server says, which may quote the message (TOK-16)', async () => {
    const { send } = await connect({ onMessage: () => 554 })
    const error: unknown = await send(createSampleMessage()).catch((reason: unknown) => reason)
    expect(String(error)).toBe('MailRefused: The SMTP server refused the message: 554 5.1.1 at DATA')
  })

  it('demands TLS except on this machine, or where the URL says otherwise (CFG-03)', async () => {
    const { sink } = await connect()
    const elsewhere = `smtp://[::ffff:127.0.0.1]:${sink.port}` // this machine, by a name the check does not know
    const strict = smtpTransport(elsewhere)
    const relaxed = smtpTransport(`${elsewhere}?ignoreTLS=true`)
    opened.transports.push(strict, relaxed)

    await expect(strict(createSampleMessage())).rejects.toMatchObject({ code: 'SIGRA_MAIL_NOT_SENT' })
    expect(sink.received).toHaveLength(0)
    await relaxed(createSampleMessage())
    expect(sink.received).toHaveLength(1)
  })

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.255.0.3', true],
    ['[::1]', true],
    ['127.relay.example.com', false],
    ['127.0.0.1.example.com', false],
    ['127.1', false],
    ['localhost.example.com', false],
  ])('takes %s for this machine: %s (CFG-03)', (host, isHere) => {
    expect(isLoopback(host)).toBe(isHere)
  })

  it('believes no certificate that nobody vouches for, unless the URL says so (CFG-03)', async () => {
    const { sink, send } = await connect({ secure: true })
    await expect(send(createSampleMessage())).rejects.toMatchObject({ code: 'SIGRA_MAIL_NOT_SENT' })
    expect(sink.received).toHaveLength(0)

    const trusting = smtpTransport(`${sink.url}?tls.rejectUnauthorized=false`)
    opened.transports.push(trusting)
    await trusting(createSampleMessage())
    expect(sink.received).toHaveLength(1)
  })

  it.each([undefined, '', 'smtp.example.com', 'http://smtp.example.com', 'smtp://'])(
    'refuses %j as a URL, without repeating it',
    (url) => {
      expect(() => smtpTransport(url)).toThrow(/^SMTP_URL (is missing|must look like)/)
    },
  )
})
