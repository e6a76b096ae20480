import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CanonicalEmail, createUuidV7, parseEmail } from '@sigra/core'
import { enqueueMail, inTransaction, type Runtime } from '@sigra/mikro-orm'
import { migrateQueue, renderMail } from '@sigra/worker'
import { startMailSink } from '../support/mail-sink.ts'
import { judge, type Outcome } from './compare.ts'
import { loadMails } from './load-mails.ts'
import { addressOf, insertPeople, startBenchServer } from './session-database.ts'

export const MAILS = 1_200
const WARM_UP = 200

/** Mails of the queue, from PostgreSQL to SMTP by one worker process, beside rendering the same mails. */
export async function benchMailJobs(): Promise<Outcome[]> {
  const subject = await measureWorker()
  const floor = await measureRendering()
  return [
    judge(
      {
        name: 'mail jobs, one worker process',
        unit: '/s',
        bar: { atLeast: 0.4 },
        floor: { name: 'rendering alone' },
        subject: { name: 'queue to SMTP' },
      },
      { floor, subject },
    ),
  ]
}

async function measureRendering(): Promise<number> {
  const { mails, samples, close } = await loadMails()
  const render = () => renderMail(mails.resetPassword(samples.resetPassword))
  for (let rendered = 0; rendered < WARM_UP; rendered += 1) await render()
  const started = performance.now()
  for (let rendered = WARM_UP; rendered < MAILS; rendered += 1) await render()
  const rate = ((MAILS - WARM_UP) * 1000) / (performance.now() - started)
  await close()
  return rate
}

async function measureWorker(): Promise<number> {
  return (await emptyQueue({})).rate
}

/** Lets one worker process empty a full queue. @returns mails a second, and what the worker printed. */
export async function emptyQueue(env: NodeJS.ProcessEnv): Promise<{ rate: number; printed: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-bench-'))
  const times: number[] = []
  const all = Promise.withResolvers<void>()
  const sink = await startMailSink(join(folder, 'mails.jsonl'), () => {
    times.push(performance.now())
    if (times.length === MAILS) all.resolve()
  })
  const server = await startBenchServer()
  try {
    const { url, secrets, runtime, pool } = await server.createDatabase()
    await migrateQueue(url)
    await insertPeople(pool, MAILS)
    await enqueueMails(runtime)
    const worker = spawn(
      process.execPath,
      ['--conditions=sigra-source', join(import.meta.dirname, 'mail-worker.ts')],
      {
        env: { ...process.env, DATABASE_URL: url, SIGRA_SECRETS: secrets, SMTP_URL: sink.url, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let printed = ''
    worker.stdout.on('data', (chunk) => (printed += String(chunk)))
    const ended = once(worker, 'exit').then(() =>
      Promise.reject(new Error('the worker ended before its work')),
    )
    ended.catch(() => undefined) // it may end later, as it is told to
    await Promise.race([all.promise, ended])
    worker.kill('SIGTERM')
    await once(worker, 'close')
    const rate = ((MAILS - WARM_UP) * 1000) / ((times[MAILS - 1] ?? 0) - (times[WARM_UP - 1] ?? 0))
    return { rate, printed }
  } finally {
    await server.close()
    await sink.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function enqueueMails(runtime: Runtime): Promise<void> {
  const requestedAt = new Date().toISOString().replace('Z', '000Z')
  await inTransaction(runtime, async (tx) => {
    for (let person = 1; person <= MAILS; person += 1) {
      await enqueueMail(tx, {
        kind: 'resetPassword',
        mailId: createUuidV7(new Date()),
        address: canonicalOf(person),
        keyId: runtime.ring.currentKeyId,
        selector: randomBytes(16).toString('base64url'),
        requestedAt,
        browserHash: null,
        ip: null,
        userAgent: null,
        requestId: randomUUID(),
      })
    }
  })
}

function canonicalOf(person: number): CanonicalEmail {
  const parsed = parseEmail(addressOf(person))
  if (parsed === null) throw new RangeError('an address of ours is none')
  return parsed.canonical
}
