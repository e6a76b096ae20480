// Makes an app for each package manager that is offered, and has the real one install, type-check, test, build, migrate
// and start it, from a registry of this machine with the packed packages (folder in SIGRA_PACKED). Node runs the app.
// `node scripts/managers.ts <name>` does it with one of them.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { followDockerfile } from './lib/dockerfile.ts'
import { inLanes } from './lib/lanes.ts'
import { startLocalRegistry } from './lib/local-registry.ts'
import { buildAndPack, create, makeTemporaryFolder, tarballsIn } from './lib/packed.ts'
import { type Ended, lastLines, mustRun, run, stopOnSignals, withoutNpm } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { serveApp } from './lib/serve-app.ts'
import { root } from './lib/workspace.ts'

// Programs of the npm registry, at versions that were tried. npm is the one that comes with Node.
const PROGRAMS = ['pnpm@12.21.0', '@yarnpkg/cli-dist@4.18.1', 'bun@1.4.5']
const LOCKS: Readonly<Record<string, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
}
const TESTS = ['tests/schema.test.ts', 'tests/pages.test.ts'] // the database, and the server with its mails
const LANES = 2

/** The folder of the package managers' programs, and create-sigra-remix's. */
interface Tools {
  bin: string
  program: string
}

stopOnSignals()
const only = process.argv[2]
const chosen = Object.keys(LOCKS).filter((name) => only === undefined || name === only)
const scratch = await makeTemporaryFolder('sigra-managers-')
const tarballs = process.env.SIGRA_PACKED
  ? tarballsIn(process.env.SIGRA_PACKED)
  : await buildAndPack(join(scratch, 'packages'), say)
const { startEmbeddedPostgres } = await import('@sigra/dev')
const { createTestDatabase } = await import('@sigra/dev/testing')
const registry = await startLocalRegistry(scratch, tarballs)
const failures: string[] = []
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>> | undefined
try {
  const tools = await installTools()
  server = await startEmbeddedPostgres({
    dataDirectory: join(scratch, 'postgres', 'data'),
    settings: { fsync: 'off' },
  })
  await inLanes(LANES, chosen, (name) => checkManager(name, tools))
} finally {
  await server?.stop()
  await registry.close()
}
say(
  `${chosen.length} package managers, ${failures.length} failures${failures.length ? `: ${failures.join(', ')}` : ''}`,
)
if (failures.length === 0) await rm(scratch, { recursive: true, force: true })
process.exit(failures.length > 0 ? 1 : 0) // the registry keeps timers of its own

/** The package managers, and create-sigra-remix, as npm installs them. */
async function installTools(): Promise<Tools> {
  const folder = join(scratch, 'tools')
  await mkdir(folder)
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const quiet = ['--no-fund', '--no-audit', '--loglevel=error']
  const packages = [...PROGRAMS, 'create-sigra-remix']
  await mustRun('npm', ['install', ...quiet, ...packages], { cwd: folder, env: registry.env })
  const bin = join(folder, 'node_modules/.bin')
  return { bin, program: join(folder, 'node_modules/create-sigra-remix/dist/bin.js') }
}

async function checkManager(name: string, { bin, program }: Tools): Promise<void> {
  const folder = join(scratch, name)
  const directory = join(folder, 'app')
  const database = await createTestDatabase(server?.url ?? '')
  const env = { ...(await userOf(folder, bin)), DATABASE_URL: database.url }
  const git = (...args: string[]) => mustRun('git', args, { cwd: directory })
  const step = (title: string, ...args: string[]) =>
    check(`${name}: ${title}`, () => run(name, args, { cwd: directory, env, timeoutMinutes: 12 }))
  try {
    await create(program, directory, ['--pm', name])
    if (name === 'yarn') await pinVite(directory)
    await git('init', '--quiet')
    await git('add', '--all')
    if (!(await step('install', 'install'))) return
    await check(`${name}: an install writes nothing but its lock file`, async () => {
      const output = await git('status', '--porcelain', '--untracked-files=all')
      const known = (line: string) => line.startsWith('A  ') || line === `?? ${LOCKS[name]}`
      const strange = output.split('\n').filter((line) => line !== '' && !known(line))
      return { code: strange.length, output: strange.join('\n') }
    })
    await step('types', 'run', 'typecheck')
    await step('tests', 'run', 'test', ...(name === 'npm' ? ['--'] : []), ...TESTS)
    await step('build', 'run', 'build')
    if (name === 'npm') await checkImage(directory, env)
    await step('migrate', 'run', 'db:migrate')
    await check(`${name}: serves`, () => serveApp(directory, env, [name, 'run', 'start']))
  } finally {
    await database.drop()
  }
}

/** What the guide on deployment puts into an image: it migrates and starts without the packages of development. */
async function checkImage(directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const guide = join(root, 'docs/deployment.md')
  const options = { context: directory, scratch: join(scratch, 'image'), env, say }
  const image = await followDockerfile(guide, options)
  const inImage = { cwd: image.directory, env: image.env, timeoutMinutes: 6 }
  const has = (name: string) => existsSync(join(image.directory, 'node_modules/@sigra', name))
  const code = has('remix') && !has('dev') ? 0 : 1
  await check('image: has our packages, and none of development', async () => ({ code, output: '' }))
  await check('image: migrates', () => run('npm', ['run', 'db:migrate'], inImage))
  await check('image: is up to date', () => run('npm', ['run', 'db:migrate', '--', '--check'], inImage))
  const [file = '', ...args] = image.command
  await check('image: serves', () => serveApp(image.directory, image.env, [file, ...args]))
}

/**
 * Somebody whose home says where packages come from: ours from here, all others from where npm gets them. Caches are the
 * machine's own where the manager takes them from npm's, else new.
 */
async function userOf(folder: string, bin: string): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'home')
  const machine = (await mustRun('npm', ['config', 'get', 'registry'], { cwd: root })).trim()
  await mkdir(home, { recursive: true })
  await writeFile(join(home, '.npmrc'), `registry=${machine}\n@sigra:registry=${registry.url}\n`)
  const scope = `npmScopes:\n  sigra:\n    npmRegistryServer: '${registry.url}'\n`
  const yarn = `npmRegistryServer: '${machine}'\nunsafeHttpWhitelist: ['127.0.0.1']\nenableTelemetry: false\n${scope}`
  await writeFile(join(home, '.yarnrc.yml'), yarn)
  const cache = (await mustRun('npm', ['config', 'get', 'cache'], { cwd: root })).trim()
  const { CI: _, ...inherited } = withoutNpm(process.env) // there a manager wants a lock file to be there already
  return { ...inherited, HOME: home, npm_config_cache: cache, PATH: `${bin}:${process.env.PATH}` }
}

/**
 * Yarn asks the registry for what only other systems install too. With the Vite of this repository the try needs no
 * package beyond those that were installed here.
 */
async function pinVite(directory: string): Promise<void> {
  const file = join(directory, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/vite/package.json'), 'utf8'))
  await writeFile(file, `${JSON.stringify({ ...manifest, resolutions: { vite: version } }, null, 2)}\n`)
}

async function check(title: string, work: () => Promise<Omit<Ended, 'answer'>>): Promise<boolean> {
  const startedAt = Date.now()
  const { code, output } = await work()
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  const [warning] = /npm warn install-scripts.*/.exec(output) ?? [] // of our packages npm has nothing to ask
  const isFine = code === 0 && warning === undefined
  if (isFine) say(`ok  ${title} (${seconds} s)`)
  else complain(`failed  ${title} (${seconds} s)\n${lastLines(output, 40)}`)
  if (!isFine) failures.push(title)
  return isFine
}
