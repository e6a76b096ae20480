import { type Runtime } from '@sigra/mikro-orm'
/** Says that a pool is alive. Its jobs are safe from `freeLostJobs` for as long as this is repeated. */
export declare function writeHeartbeat(runtime: Runtime, poolId: string): Promise<void>
/**
 * Gives the jobs of dead pools back to the queue: pools not seen for a while, and pools that died before they were
 * ever seen. By the database's clock, so that servers need not agree on the time. Of several sweepers one wins.
 *
 * @returns How many pools were found dead.
 */
export declare function freeLostJobs(runtime: Runtime, unseenMilliseconds: number): Promise<number>
/** Gives back what a pool still holds, and forgets it: it has ended, or its end was noticed here. */
export declare function retirePool(runtime: Runtime, poolId: string): Promise<void>
//# sourceMappingURL=heartbeat.d.ts.map
