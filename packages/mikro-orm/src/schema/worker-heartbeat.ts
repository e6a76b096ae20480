import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** One living worker pool, `poolId` included. A pool not seen for a minute is swept and its jobs are freed. */
export const workerHeartbeatProperties = {
  poolId: p.string().fieldName('pool_id').length(128).primary(),
  seenAt: instant('seen_at'),
  /** Names of its areas: what of theirs waits, it can do. One of a release that did not say so has none. */
  areas: p.array().columnType('text[]').defaultRaw("'{}'"),
}
