import { tracingChannel } from 'node:diagnostics_channel'
import { createRootSecret, parseEmail } from '@sigra/core'
import { deliverUserLogInInstructions, enqueueMail, inTransaction, registerUser, sql } from '@sigra/mikro-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
} from '../../mikro-orm/src/testing/index.ts'
import type { MailTransport, OutgoingMail } from './mail/mail-transport.ts'
import { smtpTransport } from './mail/smtp-transport.ts'
import type { RunningWorker } from './queue/running-worker.ts'
import { runWorker, type WorkerOptions } from './run-worker.ts'
import { connectRuntime } from './testing-only/connect-runtime.ts'
import { decodeText } from './testing-only/decode-mail.ts'
import { plainMails } from './testing-only/plain-mails.ts'
import { findFreePort, type SinkOptions, type SmtpSink, startSmtpSink } from './testing-only/smtp-sink.ts'
import { eventually } from './testing-only/eventually.ts'

const intervals = { heartbeatMilliseconds: 100, unseenMilliseconds: 1_000, pollMilliseconds: 100 }
const secrets = createRootSecret()

let test: TestRuntime
let workers: RunningWorker[]
let sinks: SmtpSink[]

beforeEach(async () => {
  test = await createTestRuntime({ secrets })
  workers = []
  sinks = []
})

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await Promise.all(sinks.map((sink) => sink.stop()))
  await test.close()
})

async function startSink(options?: SinkOptions): Promise<SmtpSink> {
  const sink = await startSmtpSink(options)
  sinks.push(sink)
  return sink
}

async function start(transport: MailTransport, options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  const sigra = { edge: { runtime: test.runtime } }
  const worker = await runWorker({ sigra, mails: plainMails, transport, intervals, ...options })
  workers.push(worker)
  return worker
}

async function register(email: string, clientAddress = '192.0.2.1'): Promise<void> {
  const caller = createTestCaller({ clientAddress })
  const result = await registerUser(test.runtime, caller, { email, password: 'Tulpen im Regen, 1987' })
  expect(result).toEqual({ ok: true })
}

interface Job {
  attempts: number
  lockedBy: string | null
  lastError: string | null
  payload: string
}

async function readJobs(): Promise<Job[]> {
  return test.rows<Job>(sql`select attempts, locked_by as "lockedBy", last_error as "lastError", payload::text
    from graphile_worker._private_jobs`)
}

async function untilNoJobs(): Promise<void> {
  await eventually(async () => expect(await readJobs()).toEqual([]))
}

describe('runWorker', () => {
  it('delivers what a registration put into the queue, to the stored address', async () => {
    const sink = await startSink()
    await start(smtpTransport(sink.url), { from: 'Acme <hello@app.test>' })
    await register('Ada@example.com')

    const [mail] = await sink.waitFor(1)
    expect(mail).toMatchObject({ from: 'hello@app.test', recipients: ['Ada@example.com'] })
    expect(mail?.raw).toContain('Subject: confirmAddress of Acme')
    expect(decodeText(mail?.raw ?? '')).toMatch(/^confirmUrl: https:\/\/app\.test\/users\/confirm\/[\w-]+$/m)
    await untilNoJobs()
  })

  it('sends nothing for a transaction that is rolled back (MAIL-03)', async () => {
    const sent: OutgoingMail[] = []
    await start(async (mail) => void sent.push(mail))
    const undone = inTransaction(test.runtime, async (tx) => {
      await enqueueMail(tx, { ...createNotice(), kind: 'signInBlocked' })
      throw new Error('changed our mind')
    })
    await expect(undone).rejects.toThrow('changed our mind')
    await register('ada@example.com')
    await eventually(() => expect(sent).toHaveLength(1))
    await untilNoJobs()
    expect(sent.map(({ subject }) => subject)).toEqual(['confirmAddress of Acme'])
  })

  it('loses nothing while the SMTP server is down (MAIL-03)', async () => {
    const port = await findFreePort()
    await start(smtpTransport(`smtp://127.0.0.1:${port}`))
    const addresses = ['ada@example.com', 'bob@example.com', 'eve@example.com']
    for (const address of addresses) await register(address)
    await eventually(async () => {
      // Each was tried: the first may be at its second try before the last was at its first.
      const jobs = await readJobs()
      expect(jobs.filter(({ lastError }) => lastError !== null)).toHaveLength(addresses.length)
    })

    const sink = await startSink({ port })
    const received = await sink.waitFor(3)
    expect(received.flatMap(({ recipients }) => recipients).toSorted()).toEqual(addresses)
    await untilNoJobs()
  })

  it('records a refusal for good and does not try again', async () => {
    const sink = await startSink({ onRecipient: () => 550 })
    await start(smtpTransport(sink.url))
    await register('ada@example.com')

    await eventually(() => expect(test.logged.map(({ event }) => event)).toContain('mail.refused'))
    await untilNoJobs()
    expect(sink.attempts()).toBe(1)
    const refused = test.logged.find(({ event }) => event === 'mail.refused')
    expect(refused?.fields).toMatchObject({
      kind: 'confirmAddress',
      detail: expect.stringContaining('550 5.1.1 at RCPT TO'),
    })
  })

  it('records that it gives up, and keeps the job for whoever looks into it', async () => {
    await register('ada@example.com')
    await test.rows(sql`update graphile_worker._private_jobs set max_attempts = 1`)
    await start(async () => {
      throw new Error('out of order')
    })
    await eventually(() => expect(test.logged.map(({ event }) => event)).toContain('mail.refused'))
    await eventually(async () => expect(await readJobs()).toMatchObject([{ attempts: 1, lockedBy: null }]))
  })

  it('lets any function be the transport, and takes `permanent: true` for final', async () => {
    let calls = 0
    await start(async () => {
      calls += 1
      throw Object.assign(new Error('blocked by the provider'), { permanent: true })
    })
    await register('ada@example.com')
    await eventually(() => expect(test.logged.map(({ event }) => event)).toContain('mail.refused'))
    await untilNoJobs()
    expect(calls).toBe(1)
  })

  it('keeps link and code out of the job table and the logs, whatever fails (MAIL-02, TOK-16, INJ-03)', async () => {
    const payloads: string[] = []
    let link = ''
    await register('ada@example.com')
    payloads.push(...(await readJobs()).map(({ payload }) => payload))
    await start(async (mail) => {
      link = mail.text
      throw new Error(`550 blocked because of ${mail.text}`)
    })
    await eventually(async () =>
      expect((await readJobs())[0]?.lastError).toMatch(/^The transport or the template failed: Error/),
    )

    const token = /confirm\/(?<token>[\w-]+)/.exec(link)?.groups?.['token'] ?? ''
    const code = /code: (?<code>\d{6})/.exec(link)?.groups?.['code'] ?? ''
    expect(token.length).toBeGreaterThan(60)
    expect(code).toHaveLength(6)
    const table = await test.rows(sql`select to_jsonb(j) from graphile_worker._private_jobs j`)
    for (const text of [...payloads, JSON.stringify(table), JSON.stringify(test.logged)]) {
      expect(text).not.toContain(token)
      expect(text).not.toMatch(new RegExp(`\\b${code}\\b`))
    }
  })

  it('waits for a server that knows the key, and then sends (CFG-06)', async () => {
    await register('ada@example.com')
    const next = createRootSecret().replace('k1:', 'k2:')
    const sent: OutgoingMail[] = []
    async function runWith(ring: string, until: () => Promise<void>): Promise<void> {
      const sigra = await connectRuntime({ url: test.url, secrets: ring, logger: test.runtime.logger })
      const worker = await start(async (mail) => void sent.push(mail), { sigra: { edge: sigra } })
      await until()
      await worker.stop()
      await sigra.close()
    }

    await runWith(next, () =>
      eventually(async () => expect((await readJobs())[0]?.lastError).toBe('unknown key id')),
    )
    expect(sent).toEqual([])
    await test.rows(sql`update graphile_worker._private_jobs set run_at = now()`)
    await runWith(`${next},${secrets}`, untilNoJobs)
    expect(sent).toHaveLength(1)
  })

  it('keeps a payload it does not understand for a release that does', async () => {
    await test.rows(sql`select from graphile_worker.add_job('sigra.mail', '{"kind":"fromTheFuture"}'::json)`)
    await start(async () => undefined)
    await eventually(async () =>
      expect((await readJobs())[0]?.lastError).toBe('This release does not understand the payload'),
    )
  })

  it('drops a mail nobody is to get any more', async () => {
    await register('ada@example.com')
    await test.rows(sql`delete from users`)
    const sent: OutgoingMail[] = []
    await start(async (mail) => void sent.push(mail))
    await untilNoJobs()
    expect(sent).toEqual([])
    expect(test.logged).toContainEqual(
      expect.objectContaining({
        event: 'mail.dropped',
        fields: expect.objectContaining({ reason: 'no such user' }),
      }),
    )
  })

  it('makes the same message on every attempt (MAIL-01)', async () => {
    await register('ada@example.com')
    const made: OutgoingMail[] = []
    await start(async (mail) => {
      made.push(mail)
      if (made.length === 1) throw new Error('the answer got lost')
    })
    await eventually(() => expect(made).toHaveLength(2))
    expect(made[1]).toEqual(made[0])
    await untilNoJobs()
  })

  it('writes in the language of the account, with the columns that the host lists', async () => {
    const own = await createTestRuntime({ mailUser: ['displayName'], localeProperty: 'locale' })
    const sent: OutgoingMail[] = []
    const worker = await start(async (mail) => void sent.push(mail), {
      sigra: { edge: { runtime: own.runtime } },
    })
    const user = await createTestUser(own)
    await own.rows(sql`update users set display_name = 'Ada', locale = 'de'`)
    await deliverUserLogInInstructions(own.runtime, createTestCaller(), { email: user.email })
    await eventually(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.text).toContain('locale: de')
    expect(sent[0]?.text).toContain('user: {"displayName":"Ada"}')
    await worker.stop()
    await own.close()
  })

  it('publishes each delivery on sigra:mail.deliver', async () => {
    const outcomes: unknown[] = []
    const channel = tracingChannel('sigra:mail.deliver')
    const listen = (trace: unknown): void => void outcomes.push(trace)
    channel.asyncEnd.subscribe(listen)
    try {
      await start(async () => undefined)
      await register('ada@example.com')
      await untilNoJobs()
    } finally {
      channel.asyncEnd.unsubscribe(listen)
    }
    expect(outcomes).toMatchObject([{ flow: 'mail.deliver', outcome: 'sent', requestId: expect.any(String) }])
  })

  it('refuses a sender that is not one, when it starts', async () => {
    await expect(start(async () => undefined, { from: 'nobody' })).rejects.toThrow(
      /^MAIL_FROM must be an address/,
    )
  })
})

describe('runWorker, in-process', () => {
  it('sends one mail at a time', async () => {
    let running = 0
    let most = 0
    const send: MailTransport = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    for (const name of ['ada', 'bob', 'eve']) await register(`${name}@example.com`)
    await start(send, { inProcess: true })
    await untilNoJobs()
    expect(most).toBe(1)
  })

  it('is replaced by the next one of the same process, as after an edit in development', async () => {
    const closed: string[] = []
    const first = await start(
      Object.assign(async () => undefined, { close: () => void closed.push('first') }),
      {
        inProcess: true,
      },
    )
    await start(async () => undefined, { inProcess: true })
    await first.finished
    expect(closed).toEqual(['first'])
    const pools = await test.rows(sql`select pool_id from sigra_workers`)
    expect(pools.length).toBeLessThanOrEqual(1)
  })
})

function createNotice(): {
  mailId: string
  address: NonNullable<ReturnType<typeof parseEmail>>['canonical']
  eventId: string
} {
  const email = parseEmail('ada@example.com')
  if (!email) throw new Error('an address')
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  return { mailId: id, address: email.canonical, eventId: id }
}
