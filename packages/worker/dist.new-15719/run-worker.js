import { EventEmitter } from 'node:events'
import { MAIL_TASK } from '@sigra/mikro-orm'
import { parseCronItems, run } from 'graphile-worker'
import { deliverMail } from './mail/deliver-mail.js'
import { parseSender } from './mail/sender.js'
import { freeLostJobs, retirePool, writeHeartbeat } from './queue/heartbeat.js'
import { createQueueLogger } from './queue/queue-logger.js'
import { createQueuePool } from './queue/queue-pool.js'
import { AUDIT_RETENTION_TASK, runAuditRetention, runSweep, SCHEDULE, SWEEP_TASK } from './sweeps.js'
const defaultIntervals = {
  heartbeatMilliseconds: 10_000,
  unseenMilliseconds: 60_000,
  pollMilliseconds: 2_000,
  restartMilliseconds: 5_000,
}
const CONCURRENCY = 4
const IN_PROCESS = Symbol.for('@sigra/worker/in-process')
const inProcess = globalThis
/**
 * Sends mail and runs the sweeps until it is stopped. Resolves when the first attempt to reach the queue is over: a
 * database that is away is asked again until it is back.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `from` is not an address.
 */
export async function runWorker(options) {
  const { runtime } = options.sigra
  const sender = parseSender(options.from, {
    name: runtime.appName,
    address: `no-reply@${runtime.origin.hostname}`,
  })
  if (!options.inProcess) return startWorker(options, { ...options, runtime, sender })
  // A development server loads its modules again after an edit: the newest worker is the only one.
  const former = inProcess[IN_PROCESS]
  const next = Promise.resolve(former?.stop()).then(() =>
    startWorker({ concurrency: 1, ...options }, { ...options, runtime, sender }),
  )
  const worker = await next
  inProcess[IN_PROCESS] = worker
  return worker
}
//# sourceMappingURL=run-worker.js.map
