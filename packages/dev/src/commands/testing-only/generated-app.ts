import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { chmod, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyPlan, createState, generatorVersion, planTransition, type State } from '@sigra/generators'
import { onTestFinished, vi } from 'vitest'
import { runCommandLine } from '../../cli/run-command-line.ts'
import { programArguments } from '../../host/program-arguments.ts'
import { type Ended, runToEnd } from './run-to-end.ts'

export interface GeneratedApp {
  root: string
  /** Runs `sigra <args>` in a process of its own: the host's configuration is read once per process. */
  sigra(...args: string[]): Promise<Ended>
  /** The same in this process, which is quick, for what does not read the host's configuration. */
  quick(...args: string[]): Promise<Omit<Ended, 'output'>>
  git(...args: string[]): string
  commit(): void
  edit(path: string, from: string | RegExp, to: string): Promise<void>
  /** Every file that is or could be committed, with its text. */
  texts(): Promise<Map<string, string>>
}

const modules = fileURLToPath(new URL('../../../../../node_modules', import.meta.url))

/** An app as create-sigra-remix writes it, with this repository's packages, in a repository of its own. */
export async function createGeneratedApp(
  options: Partial<State>,
  env: Record<string, string> = {},
): Promise<GeneratedApp> {
  const root = await mkdtemp(join(tmpdir(), 'sigra-generated-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await chmod(root, 0o755)
  await cp(await findOrMake(options), root, { recursive: true, verbatimSymlinks: true })
  return openApp(root, env)
}

const made = new Map<string, Promise<string>>()

/** One app per set of options; each test works on a copy. */
function findOrMake(options: Partial<State>): Promise<string> {
  const key = JSON.stringify(options)
  const found = made.get(key) ?? makeApp(options)
  made.set(key, found)
  return found
}

async function makeApp(options: Partial<State>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sigra-generated-'))
  process.once('exit', () => rmSync(root, { recursive: true, force: true }))
  const to = createState({ version: generatorVersion, appName: 'Generated', ...options })
  await applyPlan(await planTransition({ root, from: null, to }))
  await symlink(modules, join(root, 'node_modules'))
  const app = openApp(root, {})
  app.git('init', '--quiet')
  app.git('config', 'user.name', 'T')
  app.git('config', 'user.email', 't@example.com')
  app.commit()
  return root
}

function openApp(root: string, env: Record<string, string>): GeneratedApp {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })
  return {
    root,
    git,
    sigra: (...args) => runSigra(root, args, env),
    quick: (...args) => runQuick(root, args),
    commit() {
      git('add', '.')
      git('commit', '--quiet', '--message', 'Step')
    },
    async edit(path, from, to) {
      const text = await readFile(join(root, path), 'utf8')
      const edited = text.replace(from, to)
      if (edited === text) throw new Error(`${path} does not say ${from}`)
      await writeFile(join(root, path), edited)
    },
    texts: () => readTexts(root),
  }
}

function runSigra(root: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const { DATABASE_URL: _, ...outer } = process.env
  return runToEnd([...programArguments('bin'), ...args], root, { ...outer, ...env })
}

async function runQuick(root: string, args: readonly string[]): Promise<Omit<Ended, 'output'>> {
  let [stdout, stderr] = ['', '']
  const out = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => Boolean((stdout += String(text))))
  const err = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => Boolean((stderr += String(text))))
  try {
    const code = await runCommandLine(args, root)
    return { code, stdout, stderr }
  } finally {
    for (const spy of [out, err]) spy.mockRestore()
  }
}

const unwatched = /^(\.git|\.sigra|node_modules)(\/|$)/u

async function readTexts(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const watched = files.map((file) => relative(root, file)).filter((path) => !unwatched.test(path))
  const texts = watched.sort().map(async (path): Promise<[string, string]> => {
    return [path, await readFile(join(root, path), 'utf8')]
  })
  return new Map(await Promise.all(texts))
}
