import { applyAuditRetention, type Runtime, sealSecretsAnew, sweepExpired, traceFlow } from '@sigra/mikro-orm'

export const SWEEP_TASK = 'sigra.sweep'
export const AUDIT_RETENTION_TASK = 'sigra.audit_retention'
export const SEAL_TASK = 'sigra.seal_anew'

/** When the sweeps run, in UTC. What they remove is what the database says has expired, however late they come. */
export const SCHEDULE = [
  { task: SWEEP_TASK, match: '0 3 * * *', identifier: SWEEP_TASK },
  { task: SEAL_TASK, match: '30 3 * * *', identifier: SEAL_TASK },
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

/** Seals stored secrets under the current key, after a key was moved first in `SIGRA_SECRETS`. */
export async function runSealAnew(runtime: Runtime): Promise<void> {
  const done = await traceFlow('sweep.run', null, () => sealSecretsAnew(runtime))
  runtime.logger.info('secrets.sealed_anew', { ...done })
}
