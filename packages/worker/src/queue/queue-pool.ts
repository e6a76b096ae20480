import { setTimeout as wait } from 'node:timers/promises'
import type { Runtime } from '@sigra/mikro-orm'
import { Pool } from 'pg'

// A connection whose other end vanished without a word answers nothing: the queue shall notice and start anew.
const SILENCE_MILLISECONDS = 30_000
const CLOSE_MILLISECONDS = 5_000

/**
 * Connections for the queue alone, made with the settings of the host's MikroORM. Its own pool would do but for two
 * things: it reads times as text, where graphile-worker's cron computes with dates, and a listening connection would be
 * one less for requests.
 */
export async function createQueuePool(runtime: Runtime, size: number): Promise<Pool> {
  const connection = runtime.orm.em.getConnection()
  const { options } = await connection.getNativeClient()
  const { types: _textTimes, min: _min, ...settings } = options
  const pool = new Pool({
    ...settings,
    password: options.password, // not enumerable, so that it is not logged by accident
    max: size,
    application_name: 'sigra-worker',
    keepAlive: true,
    query_timeout: SILENCE_MILLISECONDS,
  })
  // Without listeners a connection that the server closes would end the process.
  const report = (error: Error): void =>
    runtime.logger.warn('worker.connection_lost', { reason: error.message })
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  return pool
}

/** Closes what closes; what does not answer any more is left behind. */
export async function closeQueuePool(pool: Pool): Promise<void> {
  const given = new AbortController()
  const tooLong = wait(CLOSE_MILLISECONDS, undefined, { signal: given.signal }).catch(() => undefined)
  await Promise.race([pool.end(), tooLong])
  given.abort()
}
