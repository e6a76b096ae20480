import type { Runtime } from '@sigra/mikro-orm'
import { Pool } from 'pg'
/**
 * Connections for the queue alone, made with the settings of the host's MikroORM. Its own pool would do but for two
 * things: it reads times as text, where graphile-worker's cron computes with dates, and a listening connection would be
 * one less for requests.
 */
export declare function createQueuePool(runtime: Runtime, size: number): Promise<Pool>
//# sourceMappingURL=queue-pool.d.ts.map
