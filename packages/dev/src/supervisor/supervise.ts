import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { printProblem } from '../cli/print.ts'

export interface Program {
  /** In words, for the lines a person reads: "The server stopped …" */
  name: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
}

export interface Supervised {
  /** Ends the child and starts it again at once. */
  restart(): void
  /** Ends the child, gently first, and never starts it again. */
  stop(): Promise<void>
  /** Resolves when the child crashed so often in a row that starting it again makes no sense. */
  readonly givenUp: Promise<void>
  readonly pid: () => number | undefined
}

export interface SupervisorOptions {
  /** Crashes in a row, none of them after a healthy while, before giving up. @default Infinity */
  mostCrashes?: number
  /** A child that lived this long was healthy: the next crash counts as the first. @default 15_000 */
  healthyAfterMilliseconds?: number
  /** @default 1_000, doubled by each crash in a row, at most 10_000 */
  firstWaitMilliseconds?: number
  /** From the polite signal to the one that cannot be refused. @default 8_000 */
  graceMilliseconds?: number
}

/** Exit code by which a child asks to be started again, for example because its code changed. */
export const RESTART_EXIT_CODE = 75

const LONGEST_WAIT_MILLISECONDS = 10_000

/** Runs a Node program and starts it again when it crashes. Its children live in its process group and end with it. */
export function supervise(program: Program, options: SupervisorOptions = {}): Supervised {
  const { mostCrashes = Infinity, healthyAfterMilliseconds = 15_000, firstWaitMilliseconds = 1_000 } = options
  const { graceMilliseconds = 8_000 } = options
  const stopping = new AbortController()
  let child: ChildProcess | null = null
  let crashes = 0
  let isRestarting = false
  let giveUp = (): void => undefined
  const givenUp = new Promise<void>((resolve) => (giveUp = resolve))

  const life = keepAlive()

  async function keepAlive(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAt = Date.now()
      child = start(program)
      const ending = await endOf(child)
      killGroup(child, 'SIGKILL') // what a crashed child leaves behind holds its port
      if (stopping.signal.aborted) return
      if (isRestarting || ending.code === RESTART_EXIT_CODE) {
        isRestarting = false
        continue
      }
      crashes = Date.now() - startedAt > healthyAfterMilliseconds ? 1 : crashes + 1
      if (crashes >= mostCrashes) {
        printProblem(
          `${program.name} stopped ${ending.words}, ${crashes} times in a row. Its output is above.`,
        )
        return giveUp()
      }
      const wait = Math.min(firstWaitMilliseconds * 2 ** (crashes - 1), LONGEST_WAIT_MILLISECONDS)
      printProblem(`${program.name} stopped ${ending.words}. Starting it again in ${wait / 1000} s.`)
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    givenUp,
    pid: () => child?.pid,
    restart() {
      isRestarting = true
      if (child) killGroup(child, 'SIGTERM')
    },
    async stop() {
      stopping.abort()
      const last = child
      if (!last || last.exitCode !== null || last.signalCode !== null) return life
      killGroup(last, 'SIGTERM')
      const force = setTimeout(() => killGroup(last, 'SIGKILL'), graceMilliseconds)
      await life
      clearTimeout(force)
    },
  }
}

function start({ args, cwd, env }: Program): ChildProcess {
  // A group of its own: Ctrl-C reaches the supervisor alone, which ends everything in order. The channel tells the
  // child when the supervisor is gone, however it went (see leave-with-parent.ts).
  return spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  })
}

function endOf(child: ChildProcess): Promise<{ code: number | null; words: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, words: `before it started (${error.message})` }))
    child.once('exit', (code, signal) => {
      resolve({ code, words: signal ? `by ${signal}` : `with exit code ${code}` })
    })
  })
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody is left in the group.
  }
}
