import { Pool } from 'pg'
/**
 * Connections for the queue alone, made with the settings of the host's MikroORM. Its own pool would do but for two
 * things: it reads times as text, where graphile-worker's cron computes with dates, and a listening connection would be
 * one less for requests.
 */
export async function createQueuePool(runtime, size) {
  const connection = runtime.orm.em.getConnection()
  const { options } = await connection.getNativeClient()
  const { types: _textTimes, min: _min, ...settings } = options
  const pool = new Pool({
    ...settings,
    password: options.password, // not enumerable, so that it is not logged by accident
    max: size,
    application_name: 'sigra-worker',
  })
  // Without listeners a connection that the server closes would end the process.
  const report = (error) => runtime.logger.warn('worker.connection_lost', { reason: error.message })
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  return pool
}
//# sourceMappingURL=queue-pool.js.map
