import {
  applyAuditRetention,
  AREA_TASK,
  remindOfUserDeletions,
  runAreaDeletions,
  runAreaTasks,
  type Runtime,
  runUserDeletions,
  sealSecretsAnew,
  sweepExpired,
  traceFlow,
} from '@sigra/mikro-orm'

export const SWEEP_TASK = 'sigra.sweep'
export const AUDIT_RETENTION_TASK = 'sigra.audit_retention'
export const SEAL_TASK = 'sigra.seal_anew'
export const DELETIONS_TASK = 'sigra.deletions'

/** When what nobody asks for runs, in UTC. What it removes is what the database says is over, however late it comes. */
export const SCHEDULE = [
  { task: SWEEP_TASK, match: '0 3 * * *', identifier: SWEEP_TASK },
  { task: SEAL_TASK, match: '30 3 * * *', identifier: SEAL_TASK },
  { task: AUDIT_RETENTION_TASK, match: '0 4 * * *', identifier: AUDIT_RETENTION_TASK },
  { task: DELETIONS_TASK, match: '*/15 * * * *', identifier: DELETIONS_TASK },
  { task: AREA_TASK, match: '*/5 * * * *', identifier: AREA_TASK },
].map((item) => ({
  ...item,
  // A worker that was down at that hour makes up for it; what is still waiting is not queued twice.
  options: { backfillPeriod: 24 * 60 * 60 * 1000, jobKey: item.task },
}))

/** Removes expired rows. */
export async function runSweep(runtime: Runtime): Promise<void> {
  const removed = await sweepExpired(runtime)
  runtime.logger.info('sweep.done', { removed })
}

/** Removes audit rows beyond the policy's age. */
export async function runAuditRetention(runtime: Runtime): Promise<void> {
  const removed = await traceFlow('sweep.run', null, () => applyAuditRetention(runtime))
  runtime.logger.info('audit_retention.done', { removed })
}

/** Seals stored secrets under the current key, after a key was moved first in `SIGRA_SECRETS`. */
export async function runSealAnew(runtime: Runtime): Promise<void> {
  const done = await traceFlow('sweep.run', null, () => sealSecretsAnew(runtime))
  runtime.logger.info('secrets.sealed_anew', { ...done })
}

/**
 * Reminds whoever is to be deleted soon, and deletes accounts, and what else areas keep, whose grace is over. One run takes a
 * bounded number of each, so that a worker can be stopped in between.
 *
 * @param again Puts the next run into the queue.
 */
export async function runDeletions(runtime: Runtime, again: () => Promise<unknown>): Promise<void> {
  const reminded = await traceFlow('sweep.run', null, () => remindOfUserDeletions(runtime))
  const { more, ...accounts } = await traceFlow('sweep.run', null, () => runUserDeletions(runtime))
  const areas = Object.entries(await traceFlow('sweep.run', null, () => runAreaDeletions(runtime)))
  const counts = areas.map(([name, { deleted, failed }]) => [name, { deleted, failed }])
  runtime.logger.info('deletions.done', { reminded, ...accounts, ...Object.fromEntries(counts) })
  if (more || areas.some(([, run]) => run.more)) await again()
}

/** Looks after what areas have to look after, and no request asks for. */
export async function runTasksOfAreas(runtime: Runtime, dnsServers: readonly string[] | null): Promise<void> {
  const done = await traceFlow('sweep.run', null, () => runAreaTasks(runtime, { dnsServers }))
  runtime.logger.info('areas.done', done)
}
