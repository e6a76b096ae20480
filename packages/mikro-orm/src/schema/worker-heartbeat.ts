import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** One living worker pool, `poolId` included. A pool not seen for a minute is swept and its jobs are freed. */
export const workerHeartbeatProperties = {
  poolId: p.string().fieldName('pool_id').length(128).primary(),
  seenAt: instant('seen_at'),
}
