import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { intentFile } from './intent-file.ts'
import { lockFile } from './lock-file.ts'
import { planTransition } from './plan/plan-transition.ts'
import { createState, defaultFlags, type State } from './state.ts'
import { generatorVersion } from './version.ts'

/** Trees that are kept in the repository and reviewed like code, by their folder. Never edited by hand. */
export const goldenStates: Readonly<Record<string, State>> = {
  'fixtures/golden/default': createState({ version: generatorVersion, appName: 'My App' }),
  'fixtures/golden/bigint-in-process': createState({
    version: generatorVersion,
    appName: 'My App',
    flags: { ...defaultFlags, id: 'bigint', mail: 'in-process' },
  }),
  'fixtures/golden/no-passkeys': createState({
    version: generatorVersion,
    appName: 'My App',
    features: ['accounts'],
  }),
  'fixtures/golden/members': createState({
    version: generatorVersion,
    appName: 'My App',
    names: { context: 'Members', entity: 'Member', table: 'members' },
  }),
  'fixtures/golden/existing': createState({ version: generatorVersion, appName: 'My App', app: 'existing' }),
}

/** The app that is driven in a browser: the default output, with files of its own beside it. */
export const playgroundState = createState({ version: generatorVersion, appName: 'Playground' })

/** What the playground has beside the default output. Everything else in it is generated. */
export const playgroundFiles: readonly string[] = ['seed.ts']

const repository = fileURLToPath(new URL('../..', import.meta.url))
const nowhere = join(repository, 'fixtures', 'no-such-app')

/** What `create` writes for a state, by path. */
export async function createTree(state: State): Promise<Map<string, string>> {
  if (state.app === 'existing') return createInstalledTree(state)
  const { changes } = await planTransition({ root: nowhere, from: null, to: state })
  return new Map(changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after]])))
}

/** What an install leaves behind in an app without accounts: the files of its host, edited, and ours. */
async function createInstalledTree(state: State): Promise<Map<string, string>> {
  const host = await createTree({ ...state, app: 'created', features: [] })
  for (const own of [intentFile, lockFile]) host.delete(own)
  const root = await mkdtemp(join(tmpdir(), 'sigra-golden-'))
  try {
    await writeFiles(root, host)
    const { changes } = await planTransition({ root, from: null, to: state })
    for (const { path, after } of changes) {
      if (after === null) host.delete(path)
      else host.set(path, after)
    }
    return host
  } finally {
    await rm(root, { recursive: true })
  }
}

/** A tree as it is in the repository. */
export async function readTree(folder: string): Promise<Map<string, string>> {
  const root = join(repository, folder)
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = files.sort().map(async (file): Promise<[string, string]> => {
    return [relative(root, file), await readFile(file, 'utf8')]
  })
  return new Map(await Promise.all(texts))
}

/** What git would commit of a folder, by path within it: no dependencies, no builds. */
export function listCommitted(folder: string): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', '.']
  const output = execFileSync('git', args, { cwd: join(repository, folder), encoding: 'utf8' })
  return output.split('\0').filter((path) => path !== '' && existsSync(join(repository, folder, path)))
}

/** Writes a tree in place of what is there; with `keep`, files it does not know stay. */
async function writeTree(folder: string, tree: ReadonlyMap<string, string>, keep: boolean): Promise<void> {
  const root = join(repository, folder)
  if (keep) for (const path of await formerPaths(root)) await rm(join(root, path), { force: true })
  else await rm(root, { recursive: true, force: true })
  await writeFiles(root, tree)
}

async function writeFiles(root: string, tree: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of tree) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

async function formerPaths(root: string): Promise<string[]> {
  const text = await readFile(join(root, 'sigra.lock.json'), 'utf8').catch(() => '{}')
  const lock: unknown = JSON.parse(text)
  const files = typeof lock === 'object' && lock !== null && 'files' in lock ? lock.files : null
  return typeof files === 'object' && files !== null ? Object.keys(files) : []
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes('--write')) {
  for (const [folder, state] of Object.entries(goldenStates))
    await writeTree(folder, await createTree(state), false)
  if (process.argv.includes('--playground'))
    await writeTree('playground', await createTree(playgroundState), true)
}
