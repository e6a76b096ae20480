// Generates apps with pairwise combinations of the options and puts each through what its owner would run:
// type-check, lint, format check, build, its own tests, migrations up and down. Folder of tarballs in SIGRA_PACKED.
// `node scripts/matrix.mjs <name>` runs one of them.
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  buildAndPack,
  copyInstalled,
  create,
  installApp,
  installCreate,
  makeTemporaryFolder,
  tarballsIn,
} from './lib/packed.mjs'
import { lastLines, run, stopOnSignals } from './lib/run.mjs'
import { complain, say } from './lib/say.mjs'

const MEMBERS = ['Members', 'Member', 'members']

// Every pair of values of id × mail × names × db is in at least one row.
const APPS = [
  { name: 'default', args: [] },
  { name: 'bigint-in-process', args: ['--id', 'bigint', '--mail', 'in-process'] },
  { name: 'members-in-process-url', args: [...MEMBERS, '--mail', 'in-process', '--db', 'url'] },
  { name: 'members-bigint', args: [...MEMBERS, '--id', 'bigint'] },
  { name: 'bigint-url', args: ['--id', 'bigint', '--db', 'url'] },
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

async function checkApp({ name, args }) {
  const directory = join(scratch, name)
  await create(program, directory, args)
  await install(directory)
  const database = await createTestDatabase(server.url)
  const env = withoutNpm({ ...process.env, DATABASE_URL: database.url, CI: 'true' })
  try {
    for (const step of STEPS) await check(`${name}: ${step.name}`, 'npm', step.args, { cwd: directory, env })
    await checkMigrations(name, directory, env)
  } finally {
    await database.drop()
  }
}

/** Up, down to nothing, and up again. */
async function checkMigrations(name, directory, env) {
  const migrate = ['run', 'db:migrate']
  await check(`${name}: migrate`, 'npm', migrate, { cwd: directory, env })
  await check(`${name}: up to date`, 'npm', [...migrate, '--', '--check'], { cwd: directory, env })
  await check(`${name}: migrate down`, 'npx', ['sigra', 'db:rollback', '--all'], { cwd: directory, env })
  await check(`${name}: migrate again`, 'npm', migrate, { cwd: directory, env })
}

/** One install for each set of dependencies; apps with the same set get a copy. */
async function install(directory) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const key = JSON.stringify([dependencies, devDependencies])
  const source = installed.get(key)
  if (source) return copyInstalled(source, directory)
  await installApp(directory, tarballs)
  installed.set(key, directory)
}

async function check(title, file, args, options) {
  const startedAt = Date.now()
  const { code, output } = await run(file, args, { ...options, timeoutMinutes: 5 })
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (code === 0) return say(`ok  ${title} (${seconds} s)`)
  failures.push(title)
  complain(`failed  ${title} (${seconds} s)\n${lastLines(output, 60)}`)
}

/** The outer npm's settings must not steer the inner one. */
function withoutNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => !key.startsWith('npm_') && key !== 'INIT_CWD'),
  )
}
