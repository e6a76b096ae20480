import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { programArguments } from '../host/program-arguments.ts'
import { findFreePort } from '../postgres/free-port.ts'
import { waitForPage } from '../supervisor/wait-for-page.ts'
import { createTemplateDatabase } from './test-database.ts'

export interface StartAppOptions {
  /** Root of the app. */
  directory: string
  /** @default a free one */
  port?: number
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>
  /** @default 60_000 */
  timeoutMilliseconds?: number
}

export interface StartedApp {
  origin: string
  /** For `waitForMail`. */
  mailbox: string
  /** Ends everything the app started. */
  stop(): Promise<void>
}

/** The app under test, or its migrations, did not start. The message ends with what it printed. */
export class AppFailed extends Error {
  override readonly name = 'AppFailed'
  readonly code = 'SIGRA_APP_FAILED'
}

/**
 * Starts an app as `npm run dev` does and waits until its first page answers.
 *
 * @throws {AppFailed} `SIGRA_APP_FAILED` with the app's own words when it ends or stays silent.
 */
export async function startApp(options: StartAppOptions): Promise<StartedApp> {
  const { directory, env = {}, timeoutMilliseconds = 60_000 } = options
  const port = options.port ?? (await findFreePort(0))
  const origin = `http://localhost:${port}`
  const app = runSigra(['dev', '--port', String(port)], directory, { APP_ORIGIN: origin, ...env })

  const waiting = AbortSignal.any([app.ended, AbortSignal.timeout(timeoutMilliseconds)])
  if (!(await waitForPage(`${origin}/`, waiting))) {
    await app.stop()
    throw new AppFailed(`The app in ${directory} did not start.\n${app.output()}`)
  }
  const mailbox = join(directory, '.sigra', 'mailbox')
  await mkdir(mailbox, { recursive: true, mode: 0o700 })
  return { origin, mailbox, stop: app.stop }
}

/**
 * Makes the template database `name` by the app's own migrations, once, for `createTestDatabase` to copy.
 *
 * @throws {AppFailed} `SIGRA_APP_FAILED` when a migration fails.
 */
export async function createAppTemplate(adminUrl: string, name: string, directory: string): Promise<void> {
  await createTemplateDatabase(adminUrl, name, async (url) => {
    const migration = runSigra(['db:migrate'], directory, { DATABASE_URL: url, DATABASE_OWNER_URL: url })
    if ((await migration.exitCode) !== 0) throw new AppFailed(`The migrations failed.\n${migration.output()}`)
  })
}

interface SigraProcess {
  exitCode: Promise<number>
  ended: AbortSignal
  output(): string
  stop(): Promise<void>
}

function runSigra(
  args: readonly string[],
  directory: string,
  env: Readonly<Record<string, string>>,
): SigraProcess {
  const child = spawn(process.execPath, [...programArguments('bin'), ...args], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)))
  const ending = new AbortController()
  const exitCode = new Promise<number>((resolve) => {
    child.once('exit', (code) => {
      ending.abort()
      resolve(code ?? 1)
    })
  })
  return {
    exitCode,
    ended: ending.signal,
    output: () => chunks.join(''),
    async stop() {
      child.kill('SIGTERM')
      await exitCode
    },
  }
}
