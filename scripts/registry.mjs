// Publishes the packed packages (folder in SIGRA_PACKED) to a registry of this machine and does from there what the
// README and the guide docs/getting-started.md tell, command by command. Nothing is configured but what a user has.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { follow, readCommands, registerByHand } from './lib/guide.mjs'
import { buildAndPack, makeTemporaryFolder, tarballsIn } from './lib/packed.mjs'
import { mustRun, stopOnSignals } from './lib/run.mjs'
import { say } from './lib/say.mjs'
import { root } from './lib/workspace.mjs'

const README_COMMAND = 'npm create sigra-remix@latest my-app -- --yes'

stopOnSignals()
const readme = await readFile(join(root, 'README.md'), 'utf8')
const commands = await readCommands(join(root, 'docs/getting-started.md'))
if (!readme.includes(README_COMMAND)) throw new Error(`README.md does not show: ${README_COMMAND}`)
if (commands[0] !== README_COMMAND) throw new Error(`The guide does not begin with: ${README_COMMAND}`)

const scratch = await makeTemporaryFolder('sigra-registry-')
const tarballs = process.env.SIGRA_PACKED
  ? tarballsIn(process.env.SIGRA_PACKED)
  : await buildAndPack(join(scratch, 'packages'), say)
const registry = await startRegistry()
const env = await userEnvironment(registry.url)
try {
  for (const tarball of tarballs.values()) await publish(tarball)
  say(`Published ${tarballs.size} packages to a registry of this machine`)

  const app = await follow(commands, { folder: scratch, env, say, visit: registerByHand })
  const lock = await readFile(join(app, 'package-lock.json'), 'utf8')
  for (const name of ['@sigra/remix', '@sigra/dev', '@sigra/worker']) {
    if (!lock.includes(`"node_modules/${name}"`)) throw new Error(`${name} was not installed`)
  }
  say('What the guide tells works, from the first command to the last')
} finally {
  await registry.close()
}
await rm(scratch, { recursive: true, force: true })
process.exit(0) // the registry keeps timers of its own

async function startRegistry() {
  const uplink = await mustRun('npm', ['config', 'get', 'registry'], { cwd: root })
  const ours = { access: '$all', publish: '$all', unpublish: '$all' }
  const app = await runServer({
    storage: join(scratch, 'storage'),
    self_path: scratch,
    configPath: join(scratch, 'verdaccio.yaml'),
    auth: { htpasswd: { file: join(scratch, 'htpasswd'), max_users: -1 } },
    uplinks: { machine: { url: uplink.trim(), maxage: '60m', timeout: '60s' } },
    packages: {
      // No uplink for our names: what is not published here does not exist.
      '@sigra/*': ours,
      'create-sigra-remix': ours,
      '**': { access: '$all', proxy: 'machine' },
    },
    web: { enable: false },
    middlewares: {},
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  })
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A user's own settings, a cache of its own, and our registry. */
async function userEnvironment(url) {
  const userconfig = join(scratch, 'user.npmrc')
  await mkdir(join(scratch, 'cache'))
  await writeFile(userconfig, `registry=${url}\n//${new URL(url).host}/:_authToken=nobody\n`)
  const inherited = Object.entries(process.env).filter(
    ([key]) => !key.startsWith('npm_') && key !== 'INIT_CWD',
  )
  return {
    ...Object.fromEntries(inherited),
    npm_config_userconfig: userconfig,
    npm_config_registry: url,
    npm_config_cache: join(scratch, 'cache'),
    npm_config_yes: 'true', // npm asks before it runs a package it has not seen; a person would press Enter
  }
}

async function publish(tarball) {
  await mustRun('npm', ['publish', tarball, '--tag', 'latest', '--access', 'public'], { cwd: scratch, env })
}
