import { sanitizeText } from '@sigra/core'
import { Logger as QueueLogger } from 'graphile-worker'
const MESSAGE_LENGTH = 300
/** Passes on what an operator should know of the queue: warnings and errors, first line only, no job and no payload. */
export function createQueueLogger(logger) {
  return new QueueLogger(() => (level, message) => {
    const line = sanitizeText(message.split('\n', 1)[0] ?? '', MESSAGE_LENGTH)
    if (level === 'error') logger.error('worker.queue', { message: line })
    if (level === 'warning') logger.warn('worker.queue', { message: line })
  })
}
//# sourceMappingURL=queue-logger.js.map
