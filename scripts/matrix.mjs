// Generates apps with pairwise combinations of the options, new ones and installs into apps that were there before, and
// puts each through what its owner would run: type-check, lint, format check, build, its own tests, its story in a
// browser, migrations up and down. Folder of tarballs in SIGRA_PACKED. `node scripts/matrix.mjs <name>` runs one of them.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeMigration, prepareHost, serveHost } from './lib/existing-host.mjs'
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

const MEMBERS = ['Members', 'Member', 'members']

// Every pair of values of id × mail × names × db × new or existing is in at least one row. `host`: a folder of
// fixtures/hosts that the accounts go into. `story`: its own Playwright smoke runs too, in one row of each way to mail.
const APPS = [
  { name: 'default', args: [], story: true },
  { name: 'bigint-in-process', args: ['--id', 'bigint', '--mail', 'in-process'], story: true },
  { name: 'members-in-process-url', args: [...MEMBERS, '--mail', 'in-process', '--db', 'url'] },
  { name: 'bigint-url', args: ['--id', 'bigint', '--db', 'url'] },
  { name: 'members-bigint-in-react-router-8', host: 'react-router-8', args: [...MEMBERS, '--id', 'bigint'] },
  {
    name: 'in-process-url-in-own-server-8',
    host: 'own-server-8',
    args: ['--mail', 'in-process', '--db', 'url'],
  },
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
const failures = []
try {
  for (const app of chosen) await checkApp(app)
} finally {
  await server.stop()
}
say(
  `${chosen.length} apps, ${failures.length} failures${failures.length > 0 ? `: ${failures.join(', ')}` : ''}`,
)
if (failures.length === 0) await rm(scratch, { recursive: true, force: true })
process.exitCode = failures.length > 0 ? 1 : 0

async function checkApp({ name, args, host, story = false }) {
  const directory = join(scratch, name)
  const edits = host ? await prepareHost(program, directory, host, args) : []
  if (!host) await create(program, directory, args)
  await install(directory)
  const database = await createTestDatabase(server.url)
  const env = withoutNpm({ ...process.env, DATABASE_URL: database.url, CI: 'true' })
  try {
    await makeMigration(directory, edits, env)
    for (const step of await stepsOf(directory, host)) {
      await check(`${name}: ${step.name}`, () =>
        run('npm', step.args, { cwd: directory, env, timeoutMinutes: 5 }),
      )
    }
    await checkMigrations(name, directory, env)
    if (host) await check(`${name}: serves`, () => serveHost(directory, env))
    if (story) await checkStory(name, directory, env)
  } finally {
    await database.drop()
  }
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

/** One install for each set of dependencies; apps with the same set get a copy, others only what differs. */
async function install(directory) {
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(join(directory, 'package.json'), 'utf8'),
  )
  const key = JSON.stringify([dependencies, devDependencies])
  const source = installed.get(key) ?? [...installed.values()][0]
  if (source) await copyInstalled(source, directory)
  if (installed.has(key)) return
  // npm writes this file in place, and the copy shares it with its source.
  await rm(join(directory, 'node_modules/.package-lock.json'), { force: true })
  await installApp(directory, tarballs)
  installed.set(key, directory)
}

async function check(title, work) {
  const startedAt = Date.now()
  const { code, output } = await work()
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (code === 0) return say(`ok  ${title} (${seconds} s)`)
  failures.push(title)
  complain(`failed  ${title} (${seconds} s)\n${lastLines(output, 60)}`)
}
