import { applyAuditRetention, type Runtime, sweepExpired, traceFlow } from '@sigra/mikro-orm'

export const SWEEP_TASK = 'sigra.sweep'
export const AUDIT_RETENTION_TASK = 'sigra.audit_retention'

/** When the sweeps run, in UTC. What they remove is what the database says has expired, however late they come. */
export const SCHEDULE = [
  { task: SWEEP_TASK, match: '0 3 * * *', identifier: SWEEP_TASK },
  { task: AUDIT_RETENTION_TASK, match: '0 4 * * *', identifier: AUDIT_RETENTION_TASK },
].map((item) => ({
  ...item,
  // A worker that was down at that hour makes up for it; a sweep that is still waiting is not queued twice.
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
