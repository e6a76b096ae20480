import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'pg'
import { Client } from '../support/http.ts'
import { startPlayground } from '../support/playground.ts'
import { judge, type Outcome, percentile } from './compare.ts'
import { insertPeople } from './session-database.ts'
import { hashBenchPassword, signIn } from './sign-in.ts'

const PEOPLE = 4_000
const SECONDS = 15
const SUSTAINED = 2 // as many sign-ins at a time as the pool hashes
const TOO_MANY = 96

interface Period {
  /** 99 of 100 turns of the server's event loop began at most so late, in milliseconds. */
  delay: number
  /** 99 of 100 requests for another page took at most so long, in milliseconds. */
  page: number
  /** Answers to sign-ins, by status. */
  answers: Record<number, number>
}

/** What sign-ins do to everybody else: the server idle, with as many as its hash pool sustains, and with far more. */
export async function benchSignIns(): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-bench-'))
  const delayFile = join(folder, 'delay.json')
  const playground = await startPlayground({
    env: {
      BENCH_DELAY_FILE: delayFile,
      NODE_OPTIONS: `--import=${new URL('event-loop-delay.mjs', import.meta.url).href}`,
    },
  })
  const pool = new Pool({ connectionString: playground.databaseUrl })
  process.env['E2E_ORIGIN'] = playground.origin
  let person = 0
  try {
    await insertPeople(pool, PEOPLE, await hashBenchPassword())
    await observe(SUSTAINED, 5) // warms up
    const idle = await observe(0, SECONDS)
    const sustained = await observe(SUSTAINED, SECONDS)
    const tooMany = await observe(TOO_MANY, SECONDS)
    const others = Object.keys(tooMany.answers).filter((status) => status !== '303' && status !== '503')
    if (others.length > 0) throw new RangeError(`sign-ins were answered with ${others.join(', ')}`)
    const rate = ((sustained.answers[303] ?? 0) / SECONDS).toFixed(0)
    const refused = tooMany.answers[503] ?? 0
    return [
      judge(
        { ...delayRow, name: `event loop delay p99, ${rate} sign-ins/s`, subject: { name: 'signing in' } },
        { floor: idle.delay, subject: sustained.delay },
      ),
      judge(
        { ...pageRow, name: `another page p99, ${rate} sign-ins/s`, subject: { name: 'signing in' } },
        { floor: idle.page, subject: sustained.page },
      ),
      judge(
        {
          ...delayRow,
          name: `event loop delay p99, ${TOO_MANY} sign-ins at a time`,
          subject: { name: `${refused} answered 503` },
        },
        { floor: idle.delay, subject: tooMany.delay },
      ),
    ]
  } finally {
    await pool.end()
    await playground.stop()
    await rm(folder, { recursive: true, force: true })
  }

  async function observe(lanes: number, seconds: number): Promise<Period> {
    const until = performance.now() + seconds * 1000
    const answers: Record<number, number> = {}
    await readDelay()
    const lane = async (): Promise<void> => {
      while (performance.now() < until) {
        const { answer } = await signIn((person++ % PEOPLE) + 1)
        answers[answer.status] = (answers[answer.status] ?? 0) + 1
      }
    }
    const [times] = await Promise.all([watchPage(until), ...Array.from({ length: lanes }, lane)])
    return { delay: await readDelay(), page: percentile(times, 0.99), answers }
  }

  async function readDelay(): Promise<number> {
    await rm(delayFile, { force: true })
    process.kill(Number(await readFile(`${delayFile}.pid`, 'utf8')), 'SIGUSR2')
    for (let tries = 0; tries < 200; tries += 1) {
      const text = await readFile(delayFile, 'utf8').catch(() => '')
      if (text.endsWith('}')) return JSON.parse(text).p99
      await wait(10)
    }
    throw new RangeError('the server did not tell its event loop delay')
  }
}

const delayRow = { unit: 'ms', bar: { atMost: 4 }, floor: { name: 'idle' } }
const pageRow = { unit: 'ms', bar: { atMost: 2 }, floor: { name: 'idle' } }

async function watchPage(until: number): Promise<number[]> {
  const client = new Client()
  const times: number[] = []
  while (performance.now() < until) {
    const started = performance.now()
    const { status } = await client.get('/users/reset-password')
    if (status !== 200) throw new RangeError(`the page answered ${status}`)
    times.push(performance.now() - started)
    await wait(20)
  }
  return times
}
