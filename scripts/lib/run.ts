import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Lets it print; `output` and `answer` are empty then. @default false */
  show?: boolean
  /** @default 20 */
  timeoutMinutes?: number
}

/** How a program ended. */
export interface Ended {
  code: number
  /** Unless it was shown, all it printed. */
  output: string
  /** Unless it was shown, what it printed to standard output alone. */
  answer: string
}

/** How a program ended that was started here. */
export interface RunEnded extends Ended {
  /** It took too long, and was ended with everything it had started in its group. */
  isStopped: boolean
}

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

const running = new Set<ChildProcess>()

/** Runs a program to its end in a process group of its own, so that `stopAll` reaches its children too. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunEnded> {
  const { cwd, env = process.env, show = false, timeoutMinutes = 20 } = options
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    detached: true,
  })
  running.add(child)
  const chunks: Buffer[] = []
  const answers: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => (chunks.push(chunk), answers.push(chunk)))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  let isStopped = false
  const timer = setTimeout(() => {
    isStopped = true
    chunks.push(Buffer.from(`\nStopped after ${timeoutMinutes} minutes.\n`))
    killGroup(child, 'SIGKILL')
  }, timeoutMinutes * 60_000)

  return new Promise((resolve) => {
    const done = (code: number) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ code, output: textOf(chunks), answer: textOf(answers), isStopped })
    }
    child.once('error', (error) => {
      chunks.push(Buffer.from(error.message))
      done(127)
    })
    child.once('close', (code) => done(code ?? 1))
  })
}

/** Like `run`, returns standard output, and throws with the end of all output when the exit code is not 0. */
export async function mustRun(file: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, output, answer } = await run(file, args, options)
  if (code === 0) return answer
  throw new Error(`${[file, ...args].join(' ')} ended with ${code}.\n${lastLines(output, 60)}`)
}

/** The outer npm's settings must not steer the inner one. */
export function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => !key.startsWith('npm_') && key !== 'INIT_CWD'),
  )
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const port = portOf(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Where a server listens. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('This server listens at no port.')
  return address.port
}

/** The last lines of a text. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** Ends every process started here, children included; what is left after `graceMilliseconds` is killed. */
export async function stopAll(graceMilliseconds = 15_000): Promise<void> {
  const children = [...running]
  for (const child of children) killGroup(child, 'SIGTERM')
  const ended = Promise.all(
    children.map((child) =>
      child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : null,
    ),
  )
  let timer: NodeJS.Timeout | undefined
  await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, graceMilliseconds)))])
  clearTimeout(timer)
  for (const child of children) killGroup(child, 'SIGKILL')
}

/** Ends everything and leaves when the person, or the machine, asks for it. */
export function stopOnSignals(): void {
  let asked = false
  for (const [signal, code] of SIGNALS) {
    process.on(signal, async () => {
      if (asked) return
      asked = true
      await stopAll()
      process.exit(code)
    })
  }
}

/** Waits until nobody of a child's process group is left: npm ends before what it started. */
export async function waitForGroup(child: ChildProcess, limitMilliseconds = 20_000): Promise<void> {
  const deadline = Date.now() + limitMilliseconds
  while (isGroupAlive(child) && Date.now() < deadline) await sleep(50)
  killGroup(child, 'SIGKILL')
}

function isGroupAlive({ pid }: ChildProcess): boolean {
  try {
    return pid !== undefined && process.kill(-pid, 0)
  } catch {
    return false
  }
}

/** Sends a signal to a child and to whatever it started; nothing when they are gone. */
export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The group is gone.
  }
}
