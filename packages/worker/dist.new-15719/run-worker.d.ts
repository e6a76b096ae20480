import { type Runtime } from '@sigra/mikro-orm'
import type { MailTransport } from './mail/mail-transport.ts'
import type { Mails } from './mail/mails.ts'
export interface WorkerOptions {
  /** The host's Sigra: `{ runtime }` is all that is read. */
  sigra: {
    runtime: Runtime
  }
  /** The owned templates. */
  mails: Mails
  /** Who takes the finished messages: `smtpTransport(url)`, `mailboxTransport(folder)`, or any function. */
  transport: MailTransport
  /** `MAIL_FROM`: `Acme <hello@acme.example>`. @default appName <no-reply@ host of the origin> */
  from?: string | undefined
  /** Shares the process with the web server: one job at a time. A second call replaces the first. @default false */
  inProcess?: boolean
  /** Jobs at a time. @default 4, in-process 1 */
  concurrency?: number
  /** Shorter ones are for tests. */
  intervals?: Partial<WorkerIntervals>
}
export interface WorkerIntervals {
  /** How often this worker says that it is alive, and looks for others that no longer do. @default 10_000 */
  heartbeatMilliseconds: number
  /** A worker unseen this long is dead; its jobs go back to the queue. @default 60_000 */
  unseenMilliseconds: number
  /** How often the queue is asked when nothing is announced, e.g. for retries. @default 2_000 */
  pollMilliseconds: number
  /** Before the next start when the database was away. @default 5_000 */
  restartMilliseconds: number
}
export interface RunningWorker {
  /** Lets running jobs finish, takes no new ones, writes every result. Calling it again waits for the same end. */
  stop(): Promise<void>
  /** Resolves after `stop`. */
  finished: Promise<void>
}
/**
 * Sends mail and runs the sweeps until it is stopped. Resolves when the first attempt to reach the queue is over: a
 * database that is away is asked again until it is back.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `from` is not an address.
 */
export declare function runWorker(options: WorkerOptions): Promise<RunningWorker>
//# sourceMappingURL=run-worker.d.ts.map
