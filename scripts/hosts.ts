// Puts the packed packages (folder in SIGRA_PACKED) into apps of other frameworks (fixtures/hosts), builds these, runs
// them as in production, and sends them what browsers and attackers would (e2e/hosts). Each host has two variants.
import { randomBytes } from 'node:crypto'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StartedHost } from '../e2e/hosts/started-hosts.ts'
import { compareGuideWithHosts } from './lib/installation-guide.ts'
import { buildAndPack, copyInstalled, installApp, makeTemporaryFolder, tarballsIn } from './lib/packed.ts'
import { freePort, lastLines, mustRun, run, stopAll, stopOnSignals, withoutNpm } from './lib/run.ts'
import { say } from './lib/say.ts'
import { root } from './lib/workspace.ts'

/** The PostgreSQL that all hosts share. */
interface Database {
  server: { stop(): Promise<void> }
  logFile: string
  createDatabase(): Promise<string>
}

const OURS = ['@sigra/core', '@sigra/mikro-orm', '@sigra/remix'] // what production needs; @sigra/dev wants a newer Vite
const ENTITIES = [
  'app/accounts/entities',
  'app/passkeys/entities',
  'app/organizations/entities',
  'app/entities',
]
const START_SECONDS = 20

/** What the tests are told about a host, and how it differs from its fixture. */
interface Variant extends Omit<StartedHost, 'origin' | 'databaseUrl' | 'logFile'> {
  env?: Record<string, string>
  /** @default 'server.js' */
  server?: string
  /** A folder of the fixture that is laid over it. */
  overlay?: string
}

const HOSTS: Readonly<Record<string, readonly Variant[]>> = {
  'remix-2': [
    {
      title: 'Remix 2.17 on its own Request, with ?_data= requests',
      dataRequests: '_data',
      detailsRoute: 'routes/dashboard.details',
      env: { HOST_POLYFILL: '1' },
    },
    {
      title: 'Remix 2.17 with single fetch',
      dataRequests: '_root.data',
      detailsRoute: 'routes/dashboard.details',
      env: { HOST_SINGLE_FETCH: '1' },
    },
  ],
  'react-router-7': [
    {
      title: 'React Router 7.18 without middleware, behind wrapHandler',
      dataRequests: '_root.data',
      detailsRoute: 'routes/details',
      server: 'server-web.js',
    },
    {
      title: 'React Router 7.18 with middleware, on Express',
      dataRequests: '_.data',
      detailsRoute: 'routes/details',
      overlay: 'with-middleware',
    },
  ],
}

stopOnSignals()
say(`ok  ${await compareGuideWithHosts()} blocks of the installation guide are files of these hosts`)
const scratch = await makeTemporaryFolder('sigra-hosts-')
const tarballs = process.env.SIGRA_PACKED
  ? tarballsIn(process.env.SIGRA_PACKED)
  : await buildAndPack(join(scratch, 'packages'), say)
const postgres = await startPostgres()
try {
  const hosts = (await Promise.all(Object.entries(HOSTS).map(prepareHost))).flat()
  await mustRun(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/hosts/vitest.config.ts'],
    { cwd: root, env: { ...process.env, SIGRA_HOSTS: JSON.stringify(hosts) }, show: true },
  )
} finally {
  await stopAll()
  await postgres.server.stop()
}
await rm(scratch, { recursive: true, force: true })

/** A server that logs every statement, and a database with the tables of the playground's migrations to copy. */
async function startPostgres(): Promise<Database> {
  // Only now: what they are made of has just been built.
  const { startEmbeddedPostgres } = await import('@sigra/dev')
  const { createAppTemplate, createTestDatabase } = await import('@sigra/dev/testing')
  const dataDirectory = join(scratch, 'postgres', 'data')
  const server = await startEmbeddedPostgres({
    dataDirectory,
    settings: { fsync: 'off', log_statement: 'all', log_line_prefix: '%d:' },
  })
  await createAppTemplate(server.url, 'hosts', join(root, 'playground'))
  return {
    server,
    logFile: join(dataDirectory, 'server.log'),
    createDatabase: async () => (await createTestDatabase(server.url, { template: 'hosts' })).url,
  }
}

async function prepareHost([name, variants]: [string, readonly Variant[]]): Promise<StartedHost[]> {
  const prepared: StartedHost[] = []
  let installed: string | undefined
  for (const [index, variant] of variants.entries()) {
    const directory = join(scratch, `${name}-${index}`)
    await copyHost(name, variant, directory)
    installed ??= await timed(`${name}: installed`, () => install(directory))
    await copyInstalled(installed, directory)
    // The variants of Remix differ in their configuration alone.
    if (index === 0 || variant.overlay) await npmRun(variant, directory, 'typecheck')
    await npmRun(variant, directory, 'build')
    prepared.push(await startHost(directory, variant))
  }
  return prepared
}

/** The fixture, its variant laid over it, and the entities that the generator writes. */
async function copyHost(name: string, { overlay }: Variant, directory: string): Promise<void> {
  const source = join(root, 'fixtures/hosts', name)
  const isOwn = (path: string) => !/\/(node_modules|build|\.react-router)$/.test(path)
  await cp(source, directory, { recursive: true, filter: isOwn })
  if (overlay) await cp(join(source, overlay), directory, { recursive: true })
  for (const folder of ENTITIES)
    await cp(join(root, 'playground', folder), join(directory, folder), { recursive: true })
}

async function install(directory: string): Promise<string> {
  await installApp(directory, new Map([...tarballs].filter(([name]) => OURS.includes(name))))
  return directory
}

async function npmRun({ title, env }: Variant, directory: string, script: string): Promise<void> {
  const options = { cwd: directory, env: withoutNpm({ ...process.env, ...env }) }
  await timed(`${title}: ${script}`, () => mustRun('npm', ['run', script], options))
}

async function startHost(
  directory: string,
  { server = 'server.js', env, overlay: _overlay, ...about }: Variant,
): Promise<StartedHost> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const databaseUrl = await postgres.createDatabase()
  const ended = run(process.execPath, [server], {
    cwd: directory,
    env: {
      ...process.env,
      ...env,
      NODE_ENV: 'production',
      PORT: String(port),
      APP_ORIGIN: origin,
      DATABASE_URL: databaseUrl,
      SIGRA_SECRETS: `hosts:${randomBytes(32).toString('base64url')}`,
      TRUSTED_PROXIES: '1', // every test comes from an address of its own, so that limits do not meet
      SIGRA_ALLOW_LOOPBACK_HTTP: '1',
    },
  })
  const tooEarly = ended.then(({ output }) => {
    throw new Error(`${about.title}: the server ended.\n${lastLines(output, 40)}`)
  })
  await Promise.race([waitUntilAnswering(origin), tooEarly])
  return { ...about, origin, databaseUrl, logFile: postgres.logFile }
}

async function waitUntilAnswering(origin: string): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000
  while (Date.now() < deadline) {
    if ((await fetch(`${origin}/health`).catch(() => null))?.status === 200) return
    await sleep(100)
  }
  throw new Error(`${origin} does not answer within ${START_SECONDS} seconds.`)
}

async function timed<Value>(title: string, work: () => Promise<Value>): Promise<Value> {
  const startedAt = Date.now()
  const result = await work()
  say(`ok  ${title} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
  return result
}
