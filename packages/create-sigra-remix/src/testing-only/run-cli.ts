import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'
import { runCommandLine } from '../main.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url))

/** What a run is started with that is not on the command line. */
export interface Surroundings {
  cwd?: string
  env?: Record<string, string>
  /** Code that runs before the program. */
  before?: string
}

/** Starts the real program. It inherits nothing that npm left in the environment of the tests. */
export function startCli(
  args: readonly string[],
  { cwd, env = {}, before }: Surroundings = {},
): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !isOfTheTests(name))
  const preload =
    before === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(before)}`]
  return spawn(process.execPath, ['--conditions=sigra-source', ...preload, bin, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...Object.fromEntries(inherited), ...gitIdentity, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const isOfTheTests = (name: string) => name.startsWith('npm_') || name === 'CI'

export async function runCli(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return waitFor(startCli(args, surroundings))
}

/** The same in this process, which finds what one run formatted in the next: for a run that nobody interrupts and that installs nothing. */
export async function quickCli(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Omit<Surroundings, 'before'> = {},
): Promise<Ended> {
  const [before, ended]: [string, Ended] = [process.cwd(), { code: null, stdout: '', stderr: '' }]
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => Boolean((ended[name] += String(text)))),
  )
  for (const name of Object.keys(process.env).filter(isOfTheTests)) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries({ ...gitIdentity, ...env })) vi.stubEnv(name, value)
  process.chdir(cwd)
  try {
    ended.code = await runCommandLine(args)
    return ended
  } finally {
    process.chdir(before)
    vi.unstubAllEnvs()
    for (const spy of spies) spy.mockRestore()
  }
}

export function waitFor(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    const ended: Ended = { code: null, stdout: '', stderr: '' }
    child.stdout?.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()))
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}

/** A folder that goes away with the test. */
export async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'create-sigra-remix-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

export async function writeTexts(root: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

/** A program of that name, first on the path, that runs a line of shell. */
export async function fakeProgram(name: string, line: string): Promise<Record<string, string>> {
  const folder = await createFolder()
  await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`)
  await chmod(join(folder, name), 0o755)
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` }
}

/** A line of shell that installs what the app lists, as far as anybody can see. */
export const pretendInstall = `${process.execPath} -e '
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync("package.json", "utf8"))
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    fs.mkdirSync("node_modules/" + name, { recursive: true })
    fs.writeFileSync("node_modules/" + name + "/package.json", "{}")
  }'`

const gitIdentity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
}
