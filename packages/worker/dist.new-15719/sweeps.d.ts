import { type Runtime } from '@sigra/mikro-orm'
export declare const SWEEP_TASK = 'sigra.sweep'
export declare const AUDIT_RETENTION_TASK = 'sigra.audit_retention'
/** When the sweeps run, in UTC. What they remove is what the database says has expired, however late they come. */
export declare const SCHEDULE: {
  task: string
  match: string
  identifier: string
  options: {
    backfillPeriod: number
    jobKey: string
  }
}[]
/** Removes expired rows. */
export declare function runSweep(runtime: Runtime): Promise<void>
/** Removes audit rows beyond the policy's age. */
export declare function runAuditRetention(runtime: Runtime): Promise<void>
//# sourceMappingURL=sweeps.d.ts.map
