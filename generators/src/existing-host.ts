import { PreconditionFailed } from './errors.ts'
import { readConfigValue } from './edits/config-object.ts'
import { lockFile } from './lock-file.ts'
import { readManifest, type Manifest } from './package-json.ts'
import { readHostText } from './plan/host-files.ts'

/**
 * Makes sure that a folder holds a React Router app that accounts can go into.
 *
 * @returns The name of its package.
 * @throws {PreconditionFailed} with one sentence that says what is missing.
 */
export async function checkExistingApp(root: string): Promise<string> {
  if ((await readHostText(root, lockFile)) !== null) {
    throw new PreconditionFailed('This app has Sigra already: change sigra.json, then run `npx sigra apply`.')
  }
  const manifest = await readPackage(root)
  const range = versionOf(manifest, 'react-router')
  if (range === undefined || (await readHostText(root, 'app/routes.ts')) === null) {
    throw new PreconditionFailed(
      `${root} is not a React Router app (${range === undefined ? 'react-router is no dependency' : 'there is no app/routes.ts'}). Name a new directory, or run this inside a React Router app.`,
    )
  }
  if ((await readHostText(root, 'app/root.tsx')) === null) {
    throw new PreconditionFailed(
      'app/root.tsx is missing: Sigra generates TypeScript and needs an app written in it.',
    )
  }
  const router = (await installedVersion(root, 'react-router')) ?? range
  const { checkRouter, checkVite } = await import('./host-versions.ts') // a new app does not wait for what it loads
  const version = checkRouter(router)
  checkVite((await installedVersion(root, 'vite')) ?? versionOf(manifest, 'vite'))
  await checkConfiguration(root, version)
  return manifest.name ?? 'app'
}

async function readPackage(root: string): Promise<Manifest> {
  const text = await readHostText(root, 'package.json')
  if (text === null) {
    throw new PreconditionFailed(
      `${root} is not a React Router app (there is no package.json). Name a new directory, or run this inside a React Router app.`,
    )
  }
  try {
    return readManifest(text)
  } catch {
    throw new PreconditionFailed('package.json is not valid JSON. Fix it, then run this again.')
  }
}

function versionOf(manifest: Manifest, name: string): string | undefined {
  return manifest.dependencies?.[name] ?? manifest.devDependencies?.[name]
}

async function installedVersion(root: string, name: string): Promise<string | null> {
  const text = await readHostText(root, `node_modules/${name}/package.json`).catch(() => null)
  return text === null ? null : String(readManifest(text)['version'])
}

async function checkConfiguration(root: string, routerMajor: number | undefined): Promise<void> {
  const text = (await readHostText(root, 'react-router.config.ts')) ?? ''
  if (readConfigValue(text, ['ssr']) === false) {
    throw new PreconditionFailed(
      'react-router.config.ts says `ssr: false`: accounts need a server. Switch server rendering on, then run again.',
    )
  }
  // Without the flag the middleware is left out silently, and with it one lookup per request and every cookie.
  if (routerMajor === 7 && readConfigValue(text, ['future', 'v8_middleware']) !== true) {
    throw new PreconditionFailed(
      'React Router 7 runs middleware only where it is asked to: add `future: { v8_middleware: true }` to react-router.config.ts, then run again.',
    )
  }
}
