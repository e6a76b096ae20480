import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { QueueIntervals } from '../queue/running-worker.ts'

export interface WorkerProcess {
  child: ChildProcess
  /** Everything it printed. */
  output: () => string
  /** Resolves with the exit code, or `null` when a signal ended it; `output` is whole by then. */
  exited: Promise<number | null>
}

const program = fileURLToPath(new URL('worker-process.ts', import.meta.url))

/** Starts a worker in a process of its own, and waits until it takes jobs. */
export async function startWorkerProcess(settings: {
  databaseUrl: string
  secrets: string
  smtpUrl: string
  intervals?: Partial<QueueIntervals>
}): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--conditions=sigra-source', program], {
    env: {
      ...process.env,
      DATABASE_URL: settings.databaseUrl,
      SIGRA_SECRETS: settings.secrets,
      SMTP_URL: settings.smtpUrl,
      INTERVALS: JSON.stringify(settings.intervals ?? {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ready = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('ready\n')) ready.resolve()
    })
  }
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const failed = exited.then(() => {
    throw new Error(`the worker ended before it was ready:\n${output}`)
  })
  await Promise.race([ready.promise, failed])
  failed.catch(() => undefined) // it may end later, as it is told to
  return { child, output: () => output, exited }
}
