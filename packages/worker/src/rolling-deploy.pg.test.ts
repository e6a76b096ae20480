import { createRootSecret, parseEmail } from '@sigra/core'
import { checkReadiness, enqueueNotice, inTransaction, recordAuditEvent, sql } from '@sigra/mikro-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestRuntime, createTestUser, type TestRuntime } from '../../mikro-orm/src/testing/index.ts'
import { createTestCaller } from '../../mikro-orm/src/testing/test-caller.ts'
import type { OutgoingMail } from './mail/mail-transport.ts'
import type { RunningWorker } from './queue/running-worker.ts'
import { runWorker } from './run-worker.ts'
import { connectRuntime } from './testing-only/connect-runtime.ts'
import { eventually } from './testing-only/eventually.ts'
import { plainMails } from './testing-only/plain-mails.ts'

const intervals = { heartbeatMilliseconds: 100, unseenMilliseconds: 1_000, pollMilliseconds: 100 }

let web: TestRuntime // of the new release, which has passkeys
let former: Awaited<ReturnType<typeof connectRuntime>> // of the one before, which has none
let workers: RunningWorker[]
let sent: OutgoingMail[]

beforeEach(async () => {
  const secrets = createRootSecret()
  web = await createTestRuntime({ secrets })
  former = await connectRuntime({ url: web.url, secrets, areas: false, logger: web.runtime.logger })
  workers = []
  sent = []
})

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await former.close()
  await web.close()
})

async function startWorker({ runtime }: Pick<TestRuntime, 'runtime'>): Promise<RunningWorker> {
  const transport = async (mail: OutgoingMail) => void sent.push(mail)
  const worker = await runWorker({ sigra: { edge: { runtime } }, mails: plainMails, transport, intervals })
  workers.push(worker)
  return worker
}

/** The notice of an area that the former release does not know. */
async function addPasskey(): Promise<void> {
  const user = await createTestUser(web)
  const address = parseEmail(user.email)?.canonical
  if (!address) throw new Error('an address')
  await inTransaction(web.runtime, async (tx) => {
    const entry = { action: 'passkey.added', outcome: 'success', subjectId: user.id } as const
    const eventId = await recordAuditEvent(tx, createTestCaller(), entry)
    await enqueueNotice(tx, 'passkeyAdded', { address, eventId })
  })
}

const readJobs = () =>
  web.rows<{ lastError: string | null }>(sql`select last_error as "lastError" from graphile_worker.jobs`)

const mailQueue = async () => (await checkReadiness(web.runtime)).mailQueue

describe('a rolling deploy', () => {
  it('loses no mail of an area that only the new worker has, and says that it waits', async () => {
    const old = await startWorker(former)
    await eventually(async () =>
      expect(await web.rows(sql`select areas from sigra_workers`)).toEqual([{ areas: [] }]),
    )
    await addPasskey()
    await eventually(async () =>
      expect(await readJobs()).toEqual([{ lastError: 'This release does not understand the payload' }]),
    )
    expect(await mailQueue()).toBe('degraded')

    await startWorker(web)
    await old.stop()
    await eventually(async () => expect(await mailQueue()).toBe('ok'))
    await eventually(() => expect(sent.map(({ subject }) => subject)).toEqual(['passkeyAdded of Acme']))
    await eventually(async () => expect(await readJobs()).toEqual([]))
  })

  it('is no matter where a worker has more areas than the web server', async () => {
    await startWorker(web)
    expect((await checkReadiness(former.runtime)).mailQueue).toBe('ok')
  })
})
