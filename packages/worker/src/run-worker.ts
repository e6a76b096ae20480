import { Resolver } from 'node:dns/promises'
import { ConfigInvalid, requireOneVersion, version as coreVersion } from '@sigra/core'
import {
  admitMails,
  AREA_TASK,
  checkStart,
  findMailReaders,
  MAIL_TASK,
  type MailPayload,
  parseSender,
  refuseUnknown,
  requireSwitch,
  type Runtime,
  version as mikroOrmVersion,
} from '@sigra/mikro-orm'
import { askTogether } from './mail/ask-together.ts'
import { checkMails } from './mail/check-mails.ts'
import { type Delivery, deliverMail } from './mail/deliver-mail.ts'
import type { MailTransport } from './mail/mail-transport.ts'
import type { Mails } from './mail/mails.ts'
import { runQueue } from './queue/run-queue.ts'
import type { QueueIntervals, RunningWorker } from './queue/running-worker.ts'
import {
  AUDIT_RETENTION_TASK,
  DELETIONS_TASK,
  runAuditRetention,
  runDeletions,
  runSealAnew,
  runSweep,
  runTasksOfAreas,
  SCHEDULE,
  SEAL_TASK,
  SWEEP_TASK,
} from './sweeps.ts'
import { version } from './version.ts'

/** What `runWorker` works with. */
export interface WorkerOptions {
  /** The host's Sigra. */
  sigra: { edge: { runtime: Runtime } }
  /** The owned templates. */
  mails: Mails
  /** Who takes the finished messages: `smtpTransport(url)`, `mailboxTransport(folder)`, or any function. */
  transport: MailTransport
  /** `MAIL_FROM`: `Acme <hello@acme.example>`. Required in production. @default no-reply@ the origin's host */
  from?: string | undefined
  /** Shares the process with the web server: one job at a time. A second call replaces the first. @default false */
  inProcess?: boolean
  /** Jobs at a time. @default 4, in-process 1 */
  concurrency?: number
  /** Name servers that are asked about domains, with a port where it is not 53: `192.0.2.53`. @default those of the machine */
  dnsServers?: readonly string[]
  /** Shorter ones are for tests. */
  intervals?: Partial<QueueIntervals>
}

const defaultIntervals: QueueIntervals = {
  heartbeatMilliseconds: 10_000,
  unseenMilliseconds: 60_000,
  pollMilliseconds: 2_000,
  restartMilliseconds: 5_000,
}

const CONCURRENCY = { queue: 4, inProcess: 1 }

/**
 * Sends mail, runs the sweeps and deletes accounts that are due, until it is stopped. Resolves when the first attempt to reach the queue is over; a
 * database that is away is tried again until it is back.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `from` is missing in production or not an address, a mail has
 *   no template, packages of several versions are installed, or a production database holds demo users.
 */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { runtime } = options.sigra.edge
  requireOneVersion({ name: '@sigra/worker', version }, [
    { name: '@sigra/mikro-orm', version: mikroOrmVersion },
    { name: '@sigra/mikro-orm of the app', version: runtime.version },
    { name: '@sigra/core', version: coreVersion },
  ])
  checkOptions(options)
  checkMails(options.mails, runtime)
  const nobody = runtime.production ? null : `no-reply@${runtime.origin.hostname}`
  const sender = parseSender(options.from, { name: runtime.appName, address: nobody })
  await checkStart(runtime)
  const admit = askTogether((waiting: readonly MailPayload[]) => admitMails(runtime, waiting))
  const findReader = askTogether((waiting: readonly MailPayload[]) => findMailReaders(runtime, waiting))
  const delivery = { ...options, runtime, sender, findReader, admit }
  return options.inProcess ? replaceFormer(() => start(options, delivery)) : start(options, delivery)
}

const knownOptions = {
  sigra: true,
  mails: true,
  transport: true,
  from: true,
  inProcess: true,
  concurrency: true,
  dnsServers: true,
  intervals: true,
} satisfies Record<keyof WorkerOptions, true>
const MAX_CONCURRENCY = 64

/** What would be overlooked, or stop the queue: unknown keys, text for a number, no time at all. */
function checkOptions(options: WorkerOptions): void {
  refuseUnknown(options, knownOptions, (key) => `"${key}" is not an option of runWorker`)
  if (typeof options.transport !== 'function') throw new ConfigInvalid('transport must be a function')
  requireSwitch('inProcess', options.inProcess)
  if (options.dnsServers !== undefined && !areServers(options.dnsServers))
    throw new ConfigInvalid("dnsServers must be a list of addresses, like ['192.0.2.53']")
  const { concurrency = 1, intervals = {} } = options
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    throw new ConfigInvalid(`concurrency must be a whole number of jobs from 1 to ${MAX_CONCURRENCY}`)
  }
  refuseUnknown(intervals, defaultIntervals, (key) => `"intervals.${key}" is not an option`)
  for (const [key, value] of Object.entries(intervals)) {
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      throw new ConfigInvalid(`intervals.${key} must be a number of milliseconds above 0`)
    }
  }
  const { heartbeatMilliseconds, unseenMilliseconds } = { ...defaultIntervals, ...intervals }
  if (heartbeatMilliseconds >= unseenMilliseconds) {
    throw new ConfigInvalid(
      'intervals.heartbeatMilliseconds must be less than unseenMilliseconds, or living workers count as dead',
    )
  }
}

function areServers(servers: readonly string[]): boolean {
  if (!Array.isArray(servers) || servers.length === 0) return false
  try {
    new Resolver().setServers(servers)
    return true
  } catch {
    return false
  }
}

async function start(options: WorkerOptions, delivery: Delivery): Promise<RunningWorker> {
  const { runtime } = delivery
  const { stop, finished } = await runQueue({
    runtime,
    tasks: {
      [MAIL_TASK]: async (payload, { job }) => {
        const attempt = { number: job.attempts, isLast: job.attempts >= job.max_attempts }
        await deliverMail(delivery, payload, attempt)
      },
      [SWEEP_TASK]: () => runSweep(runtime),
      [SEAL_TASK]: () => runSealAnew(runtime),
      [AUDIT_RETENTION_TASK]: () => runAuditRetention(runtime),
      [AREA_TASK]: () => runTasksOfAreas(runtime, options.dnsServers ?? null),
      [DELETIONS_TASK]: (_payload, { addJob }) =>
        runDeletions(runtime, () => addJob(DELETIONS_TASK, {}, { jobKey: DELETIONS_TASK })),
    },
    schedule: SCHEDULE,
    concurrency: options.concurrency ?? (options.inProcess ? CONCURRENCY.inProcess : CONCURRENCY.queue),
    intervals: { ...defaultIntervals, ...options.intervals },
  })
  const closed = finished.then(() => options.transport.close?.())
  return {
    async stop() {
      await stop()
      await closed
    },
    finished: closed,
  }
}

interface Holder {
  current?: Promise<RunningWorker>
}

// On globalThis: a development server loads modules again after an edit, and the newest worker shall be the only one.
const SLOT = Symbol.for('@sigra/worker/in-process')

function replaceFormer(startNext: () => Promise<RunningWorker>): Promise<RunningWorker> {
  const holder: Holder = Reflect.get(globalThis, SLOT) ?? {}
  Reflect.set(globalThis, SLOT, holder)
  const former = holder.current?.then(
    (worker) => worker.stop(),
    () => undefined,
  )
  holder.current = Promise.resolve(former).then(startNext)
  return holder.current
}
