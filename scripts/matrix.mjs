// Generates apps with pairwise combinations of the options, new ones and installs into apps that were there before, and
// puts each through what its owner would run: type-check, lint, format check, build, its own tests, its story in a
// browser, migrations up and down. Folder of tarballs in SIGRA_PACKED. `node scripts/matrix.mjs <name>` runs one of them.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeMigration, prepareHost } from './lib/existing-host.mjs'
import { editByGuide } from './lib/guide-edits.ts'
import { readCommands } from './lib/guide.mjs'
import {
  buildAndPack,
  copyInstalled,
  create,
  installApp,
  installCreate,
  makeTemporaryFolder,
  tarballsIn,
} from './lib/packed.mjs'
import { freePort, lastLines, run, stopOnSignals, withoutNpm } from './lib/run.mjs'
import { complain, say } from './lib/say.mjs'
import { serveApp } from './lib/serve-app.mjs'
import { root } from './lib/workspace.mjs'

const MEMBERS = ['Members', 'Member', 'members']

// Every pair of values of passkeys × id × mail × names × db is in at least one row, and each of them but passkeys with
// new and with existing. `host`: a folder of fixtures/hosts that the accounts go into. `story`: its own Playwright smoke
// runs too, in one row of each way to mail and in an app that was there before. `grows`: passkeys are added to it
// afterwards, and taken out again. `paths`: pages that its owner moved by `app/paths.ts`, before anything runs.
const APPS = [
  { name: 'default', args: [], story: true },
  {
    name: 'no-passkeys-bigint-in-process',
    args: ['--no-passkeys', '--id', 'bigint', '--mail', 'in-process'],
    story: true,
  },
  {
    name: 'no-passkeys-members-in-process-url',
    args: [...MEMBERS, '--no-passkeys', '--mail', 'in-process', '--db', 'url'],
  },
  { name: 'no-passkeys-bigint-url', args: ['--no-passkeys', '--id', 'bigint', '--db', 'url'], grows: true },
  {
    name: 'members-bigint-in-react-router-8',
    host: 'react-router-8',
    args: [...MEMBERS, '--id', 'bigint'],
    paths: { register: '/join', logIn: '/login', settings: '/account', sudo: '/account/confirm' },
    story: true,
  },
  {
    name: 'in-process-url-in-own-server-8',
    host: 'own-server-8',
    args: ['--mail', 'in-process', '--db', 'url'],
  },
  // What the guide on fields of one's own tells, with a column that needs a value; then the one on emails, which greets by it.
  { name: 'custom-fields', args: [], guides: ['docs/custom-user-fields.md', 'docs/emails.md'] },
  // What the guide on styles tells: Tailwind, and the names of shadcn/ui. Its story looks at every message of the console.
  { name: 'tailwind', args: [], guides: ['docs/styling.md'], story: true },
  // The oldest React Router that accounts can go into, as its own template makes an app.
  { name: 'in-react-router-7', host: 'react-router-7-plain', args: [] },
]

const STEPS = [
  { name: 'types', args: ['run', 'typecheck'] },
  { name: 'lint', args: ['run', 'lint'] },
  { name: 'format', args: ['run', 'format:check'] },
  { name: 'build', args: ['run', 'build'] },
  { name: 'tests', args: ['test'] },
]

const LANES = 2 // apps at a time: most of what they run keeps one core busy

stopOnSignals()
const only = process.argv[2]
const chosen = APPS.filter(({ name }) => only === undefined || name === only)
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

const installed = new Map()
let lastInstall = Promise.resolve()
const failures = []
try {
  const waiting = [...chosen]
  const work = async () => {
    for (let app = waiting.shift(); app; app = waiting.shift()) await checkApp(app)
  }
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, work))
  for (const { reason } of lanes.filter(({ status }) => status === 'rejected')) throw reason
} finally {
  await server.stop()
}
say(
  `${chosen.length} apps, ${failures.length} failures${failures.length > 0 ? `: ${failures.join(', ')}` : ''}`,
)
if (failures.length === 0) await rm(scratch, { recursive: true, force: true })
process.exitCode = failures.length > 0 ? 1 : 0

async function checkApp({ name, args, host, guides = [], paths = {}, story = false, grows = false }) {
  const directory = join(scratch, name)
  const edits = host ? await prepareHost(program, directory, host, args) : []
  if (!host) await create(program, directory, args)
  await movePages(directory, paths)
  await inTurn(() => install(directory))
  const database = await createTestDatabase(server.url)
  const env = withoutNpm({ ...process.env, DATABASE_URL: database.url, CI: 'true' })
  try {
    await makeMigration(directory, edits, env)
    for (const guide of guides) await followGuide(name, directory, guide, env)
    await checkSteps(name, directory, env, await stepsOf(directory, host))
    await checkMigrations(name, directory, env)
    await check(`${name}: serves`, () => serveApp(directory, env))
    if (story) await checkStory(name, directory, env)
    if (grows) await checkGrowth(name, directory, env)
  } finally {
    await database.drop()
  }
}

/** One edit for each page, as its owner would make it. */
async function movePages(directory, paths) {
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
async function followGuide(name, directory, guide, env) {
  await editByGuide(join(root, guide), directory)
  for (const command of await readCommands(join(root, guide))) {
    const [file, ...args] = command.split(' ')
    await check(`${name}: ${command}`, () => run(file, args, { cwd: directory, env, timeoutMinutes: 5 }))
  }
}

async function checkSteps(name, directory, env, steps) {
  for (const { name: step, args } of steps) {
    await check(`${name}: ${step}`, () => run('npm', args, { cwd: directory, env, timeoutMinutes: 5 }))
  }
}

/**
 * A feature comes and goes: with its packages, and its migration on a database that is in use. The app with passkeys has
 * the files of the first row, whose tests run there: here only the one that compares entities and migrations.
 */
async function checkGrowth(name, directory, env) {
  const sigra = (...args) => run('npx', ['sigra', ...args], { cwd: directory, env, timeoutMinutes: 5 })
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
async function stepsOf(directory, host) {
  const { scripts } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  return STEPS.filter(({ args }) => !host || scripts[args.at(-1)] !== undefined)
}

/** As its owner runs it: `npm run dev` with the embedded database, worker and mailbox, and a browser. */
async function checkStory(name, directory, env) {
  const port = await freePort()
  const options = {
    cwd: directory,
    env: { ...env, DATABASE_URL: undefined, E2E_PORT: String(port) },
    timeoutMinutes: 5,
  }
  await check(`${name}: story`, () => run('npm', ['run', 'test:e2e'], options))
}

/** Up, down to nothing, and up again. */
async function checkMigrations(name, directory, env) {
  const npm = (...args) =>
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
async function install(directory) {
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(join(directory, 'package.json'), 'utf8'),
  )
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
function inTurn(work) {
  const mine = lastInstall.then(work)
  lastInstall = mine.catch(() => undefined) // the next one has a try of its own
  return mine
}

async function addPackages(directory) {
  // npm writes this file in place, and a copy shares it with its source.
  await rm(join(directory, 'node_modules/.package-lock.json'), { force: true })
  await installApp(directory, tarballs)
}

async function check(title, work) {
  const startedAt = Date.now()
  const { code, output } = await work()
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (code === 0) return say(`ok  ${title} (${seconds} s)`)
  failures.push(title)
  complain(`failed  ${title} (${seconds} s)\n${lastLines(output, 60)}`)
}
