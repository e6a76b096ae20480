import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Runtime, sql } from '@sigra/mikro-orm'
import { createTestRuntime, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import { freeLostJobs, retirePool, writeHeartbeat } from './heartbeat.ts'
import { runQueue } from './run-queue.ts'
import type { QueueIntervals, RunningWorker } from './running-worker.ts'
import { eventually } from '../testing-only/eventually.ts'

const intervals: QueueIntervals = {
  heartbeatMilliseconds: 100,
  unseenMilliseconds: 1_000,
  pollMilliseconds: 100,
  restartMilliseconds: 50,
}

let test: TestRuntime
let running: RunningWorker[]

beforeEach(async () => {
  test = await createTestRuntime()
  running = []
})

afterEach(async () => {
  await Promise.all(running.map((worker) => worker.stop()))
  await test.close()
})

async function start(tasks: Parameters<typeof runQueue>[0]['tasks']): Promise<RunningWorker> {
  const worker = await runQueue({ runtime: test.runtime, tasks, schedule: [], concurrency: 2, intervals })
  running.push(worker)
  return worker
}

async function addJob(payload: object): Promise<void> {
  await test.rows(sql`select from graphile_worker.add_job('sigra.test', ${JSON.stringify(payload)}::json)`)
}

async function readJobs(): Promise<
  { attempts: number; lockedBy: string | null; lastError: string | null }[]
> {
  return test.rows(
    sql`select attempts, locked_by as "lockedBy", last_error as "lastError" from graphile_worker.jobs`,
  )
}

async function readPools(runtime: Runtime): Promise<string[]> {
  const rows = await test.rows<{ id: string }>(sql`select pool_id as id from ${runtime.tables.worker.name}`)
  return rows.map(({ id }) => id)
}

async function lockJobs(poolId: string, secondsAgo: number): Promise<void> {
  await test.rows(sql`update graphile_worker._private_jobs set locked_by = ${poolId}, attempts = 1,
    locked_at = clock_timestamp() - ${secondsAgo} * interval '1 second'`)
}

describe('runQueue', () => {
  it('runs a job and forgets it', async () => {
    const payloads: unknown[] = []
    await start({ 'sigra.test': (payload) => void payloads.push(payload) })
    await addJob({ n: 1 })
    await eventually(async () => expect(await readJobs()).toEqual([]))
    expect(payloads).toEqual([{ n: 1 }])
  })

  it('finishes the running job when it is stopped, and keeps its result', async () => {
    const begun = new AbortController()
    const go = new AbortController()
    const worker = await start({
      'sigra.test': async () => {
        begun.abort()
        await once(go.signal, 'abort')
      },
    })
    await addJob({})
    if (!begun.signal.aborted) await once(begun.signal, 'abort')
    const stopped = worker.stop()
    go.abort()
    await stopped
    await worker.stop()

    expect(await readJobs()).toEqual([])
    expect(await readPools(test.runtime)).toEqual([])
  })

  it('gives back what it fetched and did not begin when it is stopped, and what runs ends in its time', async () => {
    const begun: unknown[] = []
    const go = new AbortController()
    for (let n = 0; n < 6; n++) await addJob({ n })
    const worker = await start({
      'sigra.test': async (payload) => {
        begun.push(payload)
        await once(go.signal, 'abort')
      },
    })
    await eventually(async () => {
      expect(begun).toHaveLength(2)
      expect((await readJobs()).filter(({ lockedBy }) => lockedBy !== null)).toHaveLength(6)
    })
    const stopped = worker.stop()
    await eventually(async () => {
      expect((await readJobs()).filter(({ lockedBy }) => lockedBy !== null)).toHaveLength(2)
    })
    go.abort()
    await stopped

    const untouched = { attempts: 0, lockedBy: null, lastError: null }
    expect(await readJobs()).toEqual([untouched, untouched, untouched, untouched])
    expect(await readPools(test.runtime)).toEqual([])
    expect(test.logged.filter(({ level }) => level !== 'info')).toEqual([])
  })

  it('keeps a failed job for its next attempt when it is stopped right after', async () => {
    const ran = Promise.withResolvers<void>()
    const worker = await start({
      'sigra.test': () => {
        ran.resolve()
        throw new Error('not now')
      },
    })
    await addJob({})
    await ran.promise // an attempt counts from when a job is fetched, and a stop gives back what did not begin
    await worker.stop()
    // On a busy machine its second attempt may have come before the stop.
    expect(await readJobs()).toEqual([{ attempts: expect.any(Number), lockedBy: null, lastError: 'not now' }])
  })

  it('is seen alive from its start and leaves no trace after its stop', async () => {
    const worker = await start({})
    await eventually(async () =>
      expect(await readPools(test.runtime)).toEqual([expect.stringMatching(/^pool-/)]),
    )
    await worker.stop()
    expect(await readPools(test.runtime)).toEqual([])
  })

  it('starts again by itself when the database has cut its connections', async () => {
    const payloads: unknown[] = []
    await start({ 'sigra.test': (payload) => void payloads.push(payload) })
    await test.rows(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'sigra-worker' and datname = current_database()`)
    await addJob({ after: 'the cut' })
    await eventually(() => expect(payloads).toEqual([{ after: 'the cut' }]))
  })

  it('says in the log that a job failed, without the job’s payload (TOK-16)', async () => {
    await start({
      'sigra.test': () => {
        throw new Error('broken\nwith more lines')
      },
    })
    await addJob({ secret: 'CANARY' })
    await eventually(() => expect(test.logged.some(({ event }) => event === 'worker.queue')).toBe(true))
    expect(JSON.stringify(test.logged)).toContain('sigra.test')
    expect(JSON.stringify(test.logged)).not.toContain('CANARY')
  })
})

describe('freeLostJobs', () => {
  it('gives the jobs of a pool that is no longer seen back, once', async () => {
    await addJob({})
    await writeHeartbeat(test.runtime, 'pool-dead')
    await lockJobs('pool-dead', 5)
    await test.rows(sql`update sigra_workers set seen_at = clock_timestamp() - interval '2 seconds'`)

    const freed = await Promise.all([1, 2, 3].map(() => freeLostJobs(test.runtime, 1_000)))
    expect(freed.toSorted()).toEqual([0, 0, 1])
    expect(await readJobs()).toMatchObject([{ lockedBy: null }])
    expect(await readPools(test.runtime)).toEqual([])
  })

  it('leaves a living pool its jobs', async () => {
    await addJob({})
    await writeHeartbeat(test.runtime, 'pool-alive')
    await lockJobs('pool-alive', 3_600)
    expect(await freeLostJobs(test.runtime, 60_000)).toBe(0)
    expect(await readJobs()).toMatchObject([{ lockedBy: 'pool-alive' }])
  })

  it('finds a pool that died before it was ever seen', async () => {
    await addJob({})
    await lockJobs('pool-nameless', 5)
    expect(await freeLostJobs(test.runtime, 60_000)).toBe(0)
    expect(await freeLostJobs(test.runtime, 1_000)).toBe(1)
    expect(await readJobs()).toMatchObject([{ lockedBy: null }])
  })

  it('leaves the host’s own queue alone, which has no heartbeat', async () => {
    await test.rows(sql`select from graphile_worker.add_job('host.report')`)
    await lockJobs('pool-of-the-host', 3_600)
    expect(await freeLostJobs(test.runtime, 1_000)).toBe(0)
    expect(await readJobs()).toMatchObject([{ lockedBy: 'pool-of-the-host' }])
  })
})

describe('retirePool', () => {
  it('gives back what the pool still holds', async () => {
    await addJob({})
    await writeHeartbeat(test.runtime, 'pool-ending')
    await lockJobs('pool-ending', 0)
    await retirePool(test.runtime, 'pool-ending')
    expect(await readJobs()).toMatchObject([{ lockedBy: null }])
    expect(await readPools(test.runtime)).toEqual([])
  })
})
