// Generates apps with pairwise combinations of the options, new ones and installs into apps that were there before, and
// puts each through what its owner would run: type-check, lint, format check, build, its own tests, its story in a
// browser, migrations up and down. Folder of tarballs in SIGRA_PACKED. `node scripts/matrix.ts <name>` runs one of them.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Edit, makeMigration, prepareHost } from './lib/existing-host.ts'
import { editByGuide } from './lib/guide-edits.ts'
import { readCommands } from './lib/guide.ts'
import { inLanes } from './lib/lanes.ts'
import { type App, apps } from './lib/matrix-apps.ts'
import {
  buildAndPack,
  copyInstalled,
  create,
  installApp,
  installCreate,
  makeTemporaryFolder,
  tarballsIn,
} from './lib/packed.ts'
import { type Ended, freePort, lastLines, run, stopOnSignals, withoutNpm } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { serveApp } from './lib/serve-app.ts'
import { readManifest, root } from './lib/workspace.ts'

/** A command of npm that the owner of an app runs. */
interface Step {
  name: string
  args: readonly string[]
}

const STEPS: readonly Step[] = [
  { name: 'types', args: ['run', 'typecheck'] },
  { name: 'lint', args: ['run', 'lint'] },
  { name: 'format', args: ['run', 'format:check'] },
  { name: 'build', args: ['run', 'build'] },
  { name: 'tests', args: ['test'] },
]

const LANES = 2 // apps at a time: most of what they run keeps one core busy

stopOnSignals()
const only = process.argv[2]
const chosen = apps.filter(({ name }) => only === undefined || name === only)
const scratch = await makeTemporaryFolder('sigra-matrix-')
const tarballs = process.env.SIGRA_PACKED
  ? tarballsIn(process.env.SIGRA_PACKED)
  : await buildAndPack(join(scratch, 'packages'), say)
const program = await installCreate(join(scratch, 'create'), tarballs)
// Only now: what they are made of has just been built.
const { startEmbeddedPostgres } = await import('@sigra/dev')
const { createTestDatabase } = await import('@sigra/dev/testing')
const server = await startEmbeddedPostgres({
  dataDirectory: join(scratch, 'postgres', 'data'),
  settings: { fsync: 'off' },
})

const installed = new Map<string, string>()
let lastInstall: Promise<void> = Promise.resolve()
const failures: string[] = []
try {
  await inLanes(LANES, chosen, checkApp)
} finally {
  await server.stop()
}
say(
  `${chosen.length} apps, ${failures.length} failures${failures.length > 0 ? `: ${failures.join(', ')}` : ''}`,
)
if (failures.length === 0) await rm(scratch, { recursive: true, force: true })
process.exitCode = failures.length > 0 ? 1 : 0

async function checkApp(app: App): Promise<void> {
  const { name, args, host, guides = [], paths = {}, story = false, grows = false } = app
  const directory = join(scratch, name)
  const edits: Edit[] = host ? await prepareHost(program, directory, host, args) : []
  if (!host) await create(program, directory, args)
  await movePages(directory, paths)
  await inTurn(() => install(directory))
  const database = await createTestDatabase(server.url)
  const env = withoutNpm({ ...process.env, DATABASE_URL: database.url, CI: 'true' })
  try {
    await makeMigration(directory, edits, env)
    for (const guide of guides) await followGuide(name, directory, guide, env)
    await checkSteps(name, directory, env, stepsOf(directory, host))
    await checkMigrations(name, directory, env)
    await check(`${name}: serves`, () => serveApp(directory, env))
    if (story) await checkStory(name, directory, env)
    if (grows) await checkGrowth(name, directory, env)
  } finally {
    await database.drop()
  }
}

/** One edit for each page, as its owner would make it. */
async function movePages(directory: string, paths: Readonly<Record<string, string>>): Promise<void> {
  const file = join(directory, 'app/paths.ts')
  let text = await readFile(file, 'utf8')
  for (const [page, path] of Object.entries(paths)) {
    const moved = text.replace(new RegExp(`(?<=\\b${page}: )'[^']*'`), `'${path}'`)
    if (moved === text) throw new Error(`app/paths.ts names no page ${page}`)
    text = moved
  }
  await writeFile(file, text)
}

/** The guide's changes first, then each of its commands. */
async function followGuide(
  name: string,
  directory: string,
  guide: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await editByGuide(join(root, guide), directory)
  for (const command of await readCommands(join(root, guide))) {
    const [file = '', ...args] = command.split(' ')
    await check(`${name}: ${command}`, () => run(file, args, { cwd: directory, env, timeoutMinutes: 5 }))
  }
}

async function checkSteps(
  name: string,
  directory: string,
  env: NodeJS.ProcessEnv,
  steps: readonly Step[],
): Promise<void> {
  for (const { name: step, args } of steps) {
    await check(`${name}: ${step}`, () => run('npm', args, { cwd: directory, env, timeoutMinutes: 5 }))
  }
}

/**
 * A feature comes and goes: with its packages, and its migration on a database that is in use. The app with passkeys has
 * the files of the first row, whose tests run there: here only the one that compares entities and migrations.
 */
async function checkGrowth(name: string, directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const sigra = (...args: string[]) =>
    run('npx', ['sigra', ...args], { cwd: directory, env, timeoutMinutes: 5 })
  const quick = STEPS.filter((step) => ['types', 'lint', 'format'].includes(step.name))
  const schema = { name: 'schema', args: ['test', '--', 'tests/schema.test.ts'] }
  await check(`${name}: add passkeys`, () => sigra('add', 'passkeys'))
  await addPackages(directory)
  await checkSteps(`${name}, with passkeys`, directory, env, [...quick, schema])
  await check(`${name}: migrate passkeys`, () => sigra('db:migrate'))
  await check(`${name}: remove passkeys`, () => sigra('remove', 'passkeys'))
  await checkSteps(`${name}, without them again`, directory, env, [...quick, schema])
  await check(`${name}: migrations are complete`, () => sigra('db:migrate', '--check'))
}

/** An existing app has a linter and a formatter, or none, by its own choice. */
function stepsOf(directory: string, host: string | undefined): readonly Step[] {
  const { scripts = {} } = readManifest(join(directory, 'package.json'))
  return STEPS.filter(({ args }) => !host || scripts[args.at(-1) ?? ''] !== undefined)
}

/** As its owner runs it: `npm run dev` with the embedded database, worker and mailbox, and a browser. */
async function checkStory(name: string, directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const port = await freePort()
  const options = {
    cwd: directory,
    env: { ...env, DATABASE_URL: undefined, E2E_PORT: String(port) },
    timeoutMinutes: 5,
  }
  await check(`${name}: story`, () => run('npm', ['run', 'test:e2e'], options))
}

/** Up, down to nothing, and up again. */
async function checkMigrations(name: string, directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const npm = (...args: string[]) =>
    run('npm', ['run', 'db:migrate', ...args], { cwd: directory, env, timeoutMinutes: 5 })
  const down = ['sigra', 'db:rollback', '--all']
  await check(`${name}: migrate`, () => npm())
  await check(`${name}: up to date`, () => npm('--', '--check'))
  await check(`${name}: migrate down`, () => run('npx', down, { cwd: directory, env, timeoutMinutes: 5 }))
  await check(`${name}: migrate again`, () => npm())
}

/**
 * One install for each set of dependencies; apps with the same set get a copy, others only what differs. Copies are made
 * of a copy that nothing runs in.
 */
async function install(directory: string): Promise<void> {
  const { dependencies, devDependencies } = readManifest(join(directory, 'package.json'))
  const key = JSON.stringify([dependencies, devDependencies])
  const source = installed.get(key) ?? [...installed.values()][0]
  if (source) await copyInstalled(source, directory)
  if (installed.has(key)) return
  await addPackages(directory)
  const untouched = join(scratch, `installed-${installed.size}`)
  await mkdir(untouched)
  await copyInstalled(directory, untouched)
  installed.set(key, untouched)
}

/** Installs go one after the other: each copies what the one before it brought. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const mine = lastInstall.then(work)
  lastInstall = mine.catch(() => undefined) // the next one has a try of its own
  return mine
}

async function addPackages(directory: string): Promise<void> {
  // npm writes this file in place, and a copy shares it with its source.
  await rm(join(directory, 'node_modules/.package-lock.json'), { force: true })
  await installApp(directory, tarballs)
}

async function check(title: string, work: () => Promise<Omit<Ended, 'answer'>>): Promise<void> {
  const startedAt = Date.now()
  const { code, output } = await work()
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (code === 0) return say(`ok  ${title} (${seconds} s)`)
  failures.push(title)
  complain(`failed  ${title} (${seconds} s)\n${lastLines(output, 60)}`)
}
