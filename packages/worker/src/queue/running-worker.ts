// Named by the package's entry, so nothing here may bring the types of graphile-worker into an app's type-check.

export interface QueueIntervals {
  /** How often this worker says that it is alive, and looks for others that no longer do. @default 10_000 */
  heartbeatMilliseconds: number
  /** A worker unseen this long is dead; its jobs go back to the queue. @default 60_000 */
  unseenMilliseconds: number
  /** How often the queue is asked when nothing is announced, e.g. for retries. @default 2_000 */
  pollMilliseconds: number
  /** Before the next start when the database was away. @default 5_000 */
  restartMilliseconds: number
}

/** A worker at work, and how to end it. */
export interface RunningWorker {
  /** Lets running jobs finish, takes no new ones, writes every result. Calling it again waits for the same end. */
  stop(): Promise<void>
  /** Resolves after `stop`. Never rejects. */
  finished: Promise<void>
}
