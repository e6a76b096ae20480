import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { sanitizeText } from '@sigra/core'
import type { Runtime } from '@sigra/mikro-orm'
import {
  parseCronItems,
  run,
  type CronItem,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker'
import { giveBackOnRelease } from './give-back-on-release.ts'
import { freeLostJobs, retirePool, writeHeartbeat } from './heartbeat.ts'
import { createQueueLogger } from './queue-logger.ts'
import { closeQueuePool, createQueuePool } from './queue-pool.ts'
import type { QueueIntervals, RunningWorker } from './running-worker.ts'
import { type Progress, watchProgress } from './watch-progress.ts'

export interface QueueOptions {
  runtime: Runtime
  tasks: TaskList
  schedule: CronItem[]
  /** Jobs at a time. */
  concurrency: number
  intervals: QueueIntervals
}

const REASON_LENGTH = 300
const STALLED_POLLS = 10 // an idle queue is asked once per poll interval
const CONNECTIONS_BESIDE_JOBS = 3 // listening, fetching, cron

/**
 * Runs the queue until it is stopped, and starts it again when it ends by itself: a database that goes away for a while
 * must cost no mail. Resolves when the first attempt to reach the queue is over.
 */
export async function runQueue(options: QueueOptions): Promise<RunningWorker> {
  const stopping = new AbortController()
  const tried = Promise.withResolvers<void>()
  const finished = keepRunning(options, stopping.signal, tried.resolve)
  await tried.promise
  return {
    stop() {
      stopping.abort()
      return finished
    },
    finished,
  }
}

async function keepRunning(options: QueueOptions, signal: AbortSignal, onTried: () => void): Promise<void> {
  const { logger } = options.runtime
  while (!signal.aborted) {
    try {
      await runUntilEnd(options, signal, onTried)
      if (!signal.aborted) logger.error('worker.interrupted', { reason: 'the queue ended by itself' })
    } catch (error) {
      logger.error('worker.interrupted', { reason: describe(error) })
    }
    onTried()
    await waitUnless(signal, options.intervals.restartMilliseconds)
  }
}

async function runUntilEnd(options: QueueOptions, signal: AbortSignal, onRunning: () => void): Promise<void> {
  const { runtime, concurrency, intervals } = options
  const connections = await createQueuePool(runtime, concurrency + CONNECTIONS_BESIDE_JOBS)
  const beating = new AbortController()
  try {
    const pool = await startRunner(options, connections)
    const stop = (): void => void pool.runner.stop().catch(() => undefined) // rejects when it is ending already
    const heart = keepBeating(runtime, pool.id, intervals, beating.signal, () => {
      if (pool.progress.isStalled(STALLED_POLLS * intervals.pollMilliseconds)) stop()
    })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    onRunning()
    await pool.runner.promise
    signal.removeEventListener('abort', stop)
    beating.abort()
    await heart
    await retirePool(runtime, pool.id)
  } finally {
    beating.abort()
    await closeQueuePool(connections)
  }
}

interface StartedPool {
  id: string
  runner: Runner
  progress: Progress
}

async function startRunner(
  { runtime, tasks, schedule, concurrency, intervals }: QueueOptions,
  pgPool: Awaited<ReturnType<typeof createQueuePool>>,
): Promise<StartedPool> {
  const events: WorkerEvents = new EventEmitter()
  let id = ''
  const progress = watchProgress(events)
  giveBackOnRelease(events)
  events.once('pool:create', ({ workerPool }) => (id = workerPool.id))
  const runner = await run({
    pgPool,
    events,
    taskList: tasks,
    parsedCronItems: parseCronItems(schedule),
    concurrency,
    pollInterval: intervals.pollMilliseconds,
    noHandleSignals: true,
    noPreparedStatements: !runtime.preparedStatements,
    logger: createQueueLogger(runtime.logger),
    preset: {
      worker: {
        // With graphile-worker's defaults a graceful stop loses the last result, and the job runs again after 4 hours.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        localQueue: { size: 50 },
      },
    },
  })
  return { id, runner, progress }
}

/** Says "alive" and frees what the dead hold, at once and then over and over. */
async function keepBeating(
  runtime: Runtime,
  poolId: string,
  intervals: QueueIntervals,
  signal: AbortSignal,
  onBeat: () => void,
): Promise<void> {
  while (!signal.aborted) {
    onBeat()
    try {
      await writeHeartbeat(runtime, poolId)
      const dead = await freeLostJobs(runtime, intervals.unseenMilliseconds)
      if (dead > 0) runtime.logger.warn('worker.jobs_recovered', { deadPools: dead })
    } catch (error) {
      runtime.logger.warn('worker.heartbeat_missed', { reason: describe(error) })
    }
    await waitUnless(signal, intervals.heartbeatMilliseconds)
  }
}

async function waitUnless(signal: AbortSignal, milliseconds: number): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined)
}

/** Of connecting, migrating and heartbeats only: these messages quote no row of a user's. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause instanceof Error ? error.cause : error
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
  return sanitizeText(`${code} ${cause.message}`.trim(), REASON_LENGTH)
}
