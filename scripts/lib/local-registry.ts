import { mkdir, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import type { Tarballs } from './packed.ts'
import { mustRun, portOf } from './run.ts'
import { root } from './workspace.ts'

export interface LocalRegistry {
  url: string
  /** What a user of it has set: their own settings, a cache of its own, and this registry. */
  env: NodeJS.ProcessEnv
  close(): Promise<void>
}

/** Starts a registry of this machine that has our packed packages, and everything else from where npm gets it here. */
export async function startLocalRegistry(scratch: string, tarballs: Tarballs): Promise<LocalRegistry> {
  const server = await listen(scratch)
  const url = `http://127.0.0.1:${portOf(server)}/`
  const env = await userEnvironment(scratch, url)
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  try {
    for (const tarball of tarballs.values()) {
      const args = ['publish', tarball, '--tag', 'latest', '--access', 'public']
      await mustRun('npm', args, { cwd: scratch, env })
    }
  } catch (error) {
    await close()
    throw error
  }
  return { url, env, close }
}

async function listen(scratch: string): Promise<Server> {
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
  return new Promise((resolve) => {
    const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
}

async function userEnvironment(scratch: string, url: string): Promise<NodeJS.ProcessEnv> {
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
