import { ConfigInvalid } from '@sigra/core'
import { checkSettings } from '@sigra/mikro-orm'

/** What a build of React Router holds of the app: `app/entry.server.tsx` exports `sigra`. */
export interface AppBuild {
  entry: { module: { sigra: { start(): Promise<void> } } }
}

/** As much of Vite's development server as is needed. */
export interface ViteServer {
  ssrLoadModule(url: string): Promise<Record<string, unknown>>
}

/**
 * For production: looks at every setting before anything is loaded that uses one, then loads the build and starts it.
 * Settings that are missing or unsafe end the process here, each with a sentence of its own.
 *
 * @param url Of `build/server/index.js`.
 */
export async function loadBuild<Build extends AppBuild>(url: URL): Promise<() => Promise<Build>> {
  try {
    checkSettings(process.env)
    const build: Build = await import(url.href)
    await build.entry.module.sigra.start()
    return () => Promise.resolve(build)
  } catch (error) {
    // oxlint-disable-next-line no-console -- there is no logger before the app is loaded
    console.error(error instanceof Error && 'code' in error ? error.message : error)
    process.exit(1)
  }
}

/**
 * For development: evaluates again only what changed since the request before. What it returns rejects with `ConfigInvalid`
 * (`SIGRA_CONFIG_INVALID`) where the app exports no `sigra`.
 */
export function buildOfVite<Build extends AppBuild>(vite: ViteServer): () => Promise<Build> {
  return async () => {
    const build = await vite.ssrLoadModule('virtual:react-router/server-build')
    if (!isAppBuild<Build>(build)) throw new ConfigInvalid('app/entry.server.tsx does not export sigra')
    return build
  }
}

function isAppBuild<Build extends AppBuild>(
  build: Record<string, unknown>,
): build is Build & Record<string, unknown> {
  return 'sigra' in Object(Object(build['entry']).module)
}
