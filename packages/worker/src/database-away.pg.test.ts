import { createRootSecret } from '@sigra/core'
import { registerUser, sql } from '@sigra/mikro-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestCaller, createTestRuntime, type TestRuntime } from '../../mikro-orm/src/testing/index.ts'
import type { OutgoingMail } from './mail/mail-transport.ts'
import type { RunningWorker } from './queue/running-worker.ts'
import { runWorker } from './run-worker.ts'
import { connectRuntime } from './testing-only/connect-runtime.ts'
import { plainMails } from './testing-only/plain-mails.ts'
import { createTcpRelay, type TcpRelay } from './testing-only/tcp-relay.ts'
import { eventually } from './testing-only/eventually.ts'

const secrets = createRootSecret()
const intervals = {
  heartbeatMilliseconds: 100,
  pollMilliseconds: 100,
  restartMilliseconds: 100,
  unseenMilliseconds: 2_000,
}

let test: TestRuntime
let relay: TcpRelay
let cleanups: (() => Promise<void>)[]

beforeEach(async () => {
  test = await createTestRuntime({ secrets })
  relay = await createTcpRelay(test.url)
  cleanups = []
})

afterEach(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
  await relay.close()
  await test.close()
})

async function start(transport: (mail: OutgoingMail) => Promise<void>): Promise<RunningWorker> {
  const { info, warn, error } = test.runtime.logger
  const connected = await connectRuntime({ url: relay.url, secrets, logger: { info, warn, error } })
  cleanups.push(() => connected.close())
  const worker = await runWorker({ sigra: { edge: connected }, mails: plainMails, transport, intervals })
  cleanups.push(() => worker.stop())
  return worker
}

async function register(): Promise<void> {
  const password = 'Tulpen im Regen, 1987'
  await registerUser(test.runtime, createTestCaller(), { email: 'ada@example.com', password })
}

describe('a worker whose database is away', () => {
  it('starts all the same, says so, and sends the mail once the database is back (MAIL-03)', async () => {
    const sent: OutgoingMail[] = []
    await register()
    await start(async (mail) => void sent.push(mail))
    expect(test.logged).toContainEqual(
      expect.objectContaining({
        event: 'worker.interrupted',
        fields: { reason: expect.stringContaining('ECONNREFUSED') },
      }),
    )
    expect(sent).toEqual([])

    await relay.open()
    await eventually(() => expect(sent).toHaveLength(1))
  })

  it('can be stopped while it waits', async () => {
    const worker = await start(async () => undefined)
    await worker.stop()
    await expect(worker.finished).resolves.toBeUndefined()
  })

  it('loses no mail when the database goes away in the middle of a job (MAIL-01, MAIL-03)', async () => {
    await relay.open()
    const sent: OutgoingMail[] = []
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    await start(async (mail) => {
      sent.push(mail)
      begun.resolve()
      await go.promise
    })
    await register()
    await begun.promise
    await relay.close()
    go.resolve()
    await eventually(() => expect(test.logged.map(({ event }) => event)).toContain('worker.interrupted'))

    await relay.open()
    await eventually(async () => expect(await test.rows(sql`select from graphile_worker.jobs`)).toEqual([]))
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
  })
})
