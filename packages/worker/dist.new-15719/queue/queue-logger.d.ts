import type { Logger } from '@sigra/mikro-orm'
import { Logger as QueueLogger } from 'graphile-worker'
/** Passes on what an operator should know of the queue: warnings and errors, first line only, no job and no payload. */
export declare function createQueueLogger(logger: Logger): QueueLogger
//# sourceMappingURL=queue-logger.d.ts.map
