// Does what `npm run try` promises: an app that is up and ends by Ctrl-C without a process or a temporary file left,
// another run next to it that is interrupted halfway, and a third one, to its end, as an ordinary user. It builds, so all
// of it happens in clones: other tests read what is built here.
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { mkdir, readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clone, findOrdinaryUser, makeClone } from './lib/ordinary-user.ts'
import { makeTemporaryFolder } from './lib/packed.ts'
import { freePort, killGroup, mustRun, stopOnSignals, waitForGroup } from './lib/run.ts'
import { say } from './lib/say.ts'
import { readManifest } from './lib/workspace.ts'

/** A run of `npm run try`. */
interface Attempt {
  fail(message: string): Error
  /** Waits for its end, with this code. */
  ended(code: number): Promise<void>
  output(): string
  /** Waits until it has printed this. */
  until(pattern: RegExp): Promise<void>
  /** A terminal sends Ctrl-C to every process of the group at once. */
  stop(signal: NodeJS.Signals, code: number): Promise<void>
}

interface Process {
  pid: string
  command: string
  /** The folder it works in, where the system says so. */
  place: string | null
}

const PATIENCE_MILLISECONDS = 8 * 60_000

/** For the first commit of the app: a machine that runs tests may have no name. */
const identity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
}

stopOnSignals()
const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) killGroup(child, 'SIGKILL')
})
const scratch = await makeTemporaryFolder('sigra-check-try-')
const clone = await makeClone(join(scratch, 'own'))
await Promise.all([tryAndInterrupt(clone), startAndStop(clone), tryAsOrdinaryUser(clone)])
await rm(scratch, { recursive: true, force: true })

/** Up to the running app, its page, Ctrl-C, and nothing left. */
async function startAndStop({ cwd }: Clone): Promise<void> {
  const directory = join(scratch, 'started')
  const port = await freePort()
  const [env, temporary] = await ownTemporary('started')
  const attempt = startTry(['--dir', directory, '--port', String(port)], { cwd, env })
  await attempt.until(/App\s+http:\/\/localhost:\d+/)
  const [origin = ''] = /http:\/\/localhost:\d+/.exec(attempt.output()) ?? []
  const answer = await fetch(`${origin}/users/register`)
  if (answer.status !== 200) throw attempt.fail(`The app answers ${answer.status}.`)
  if (!origin.endsWith(`:${port}`)) throw attempt.fail(`The app is at ${origin}, not at port ${port}.`)
  await attempt.stop('SIGINT', 130)
  await expectNothingLeft(directory)
  await expectTidy(temporary)
  await mustRun('git', ['rev-parse', 'HEAD'], { cwd: directory })
  say('try: the app was up, ended by Ctrl-C, and left no process')
}

/** Interrupted while it builds or waits for the other one's build. */
async function tryAndInterrupt({ cwd }: Clone): Promise<void> {
  const directory = join(scratch, 'interrupted')
  const [env, temporary] = await ownTemporary('interrupted')
  const attempt = startTry(['--dir', directory], { cwd, env })
  await attempt.until(/Waiting for another build|Building/)
  await sleep(500)
  await attempt.stop('SIGINT', 130)
  await expectNothingLeft(directory)
  await expectTidy(temporary)
  say('try: a run next to another one was interrupted, and left no process')
}

/** As root as somebody else, with a clone and a home of their own; otherwise as oneself, to the end. */
async function tryAsOrdinaryUser(own: Clone): Promise<void> {
  const user = await findOrdinaryUser()
  if ('reason' in user) return say(`skipped: try as an ordinary user, ${user.reason}`)
  const place = join(scratch, 'ordinary')
  const { cwd, env, identity } = user.isSelf ? own : await makeClone(place, user)
  const directory = join(place, 'app')
  const attempt = startTry(['--dir', directory, '--no-start'], { cwd, env, ...identity })
  await attempt.ended(0)
  const { scripts } = readManifest(join(directory, 'package.json'))
  if (scripts?.['dev'] !== 'sigra dev') throw attempt.fail('No app was made.')
  const owner = (await stat(join(directory, 'node_modules/@sigra/remix/package.json'))).uid
  if (owner !== user.uid) throw attempt.fail(`The app belongs to ${owner}, not to ${user.uid}.`)
  await expectNothingLeft(directory)
  say(`try: an app was made by user ${user.uid}, who is not root`)
}

/** `npm run try` in a process group of its own, as a terminal would run it. */
function startTry(args: readonly string[], options: SpawnOptions): Attempt {
  const child = spawn('npm', ['run', 'try', '--silent', '--', ...args], { ...options, detached: true })
  children.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += String(chunk)))
  const over = new Promise<number>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  over.then(() => children.delete(child))
  const fail = (message: string) => new Error(`npm run try ${args.join(' ')}: ${message}\n${output}`)
  const ended = async (code: number) => {
    const late = sleep(PATIENCE_MILLISECONDS, 'late', { ref: false })
    const found = await Promise.race([over, late])
    if (found === 'late') throw fail('it did not end in time.')
    if (found !== code) throw fail(`it ended with ${found}, not with ${code}.`)
  }
  return {
    fail,
    ended,
    output: () => output,
    async until(pattern) {
      for (let waited = 0; !pattern.test(output); waited += 100) {
        if (child.exitCode !== null) throw fail(`it ended with ${child.exitCode}.`)
        if (waited > PATIENCE_MILLISECONDS) throw fail(`it never said ${pattern}.`)
        await sleep(100)
      }
    },
    async stop(signal, code) {
      killGroup(child, signal)
      await ended(code)
      await waitForGroup(child)
    },
  }
}

/** A temporary folder for one attempt: whatever is left in it is that attempt's. */
async function ownTemporary(name: string): Promise<[env: NodeJS.ProcessEnv, folder: string]> {
  const folder = join(scratch, `${name}-temporary`)
  await mkdir(folder)
  return [{ ...process.env, ...identity, TMPDIR: folder }, folder]
}

async function expectTidy(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith('sigra-try-'))
  if (left.length > 0) throw new Error(`npm run try left ${left.join(', ')} in ${folder}.`)
}

/** No process that was started in an app's folder, or with it in its arguments, outlives its run. */
async function expectNothingLeft(directory: string): Promise<void> {
  let left: string[] = []
  for (let waited = 0; waited < 10_000; waited += 200) {
    left = await findProcesses(directory)
    if (left.length === 0) return
    await sleep(200)
  }
  throw new Error(`These processes are left of ${directory}:\n${left.join('\n')}`)
}

async function findProcesses(directory: string): Promise<string[]> {
  const processes = process.platform === 'linux' ? await readProc() : await askPs()
  return processes
    .filter(({ command, place }) => command.includes(directory) || place?.startsWith(directory))
    .map(({ pid, command }) => `${pid} ${command}`)
}

async function readProc(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(
    pids.map(async (pid) => ({
      pid,
      // Empty for a process that has ended and that nobody collects.
      command: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
      place: await readlink(`/proc/${pid}/cwd`).catch(() => null),
    })),
  )
}

async function askPs(): Promise<Process[]> {
  const lines = (await mustRun('ps', ['-A', '-ww', '-o', 'pid=,command='])).split('\n')
  return lines.map((line) => {
    const [, pid = '', command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return { pid, command, place: null }
  })
}
