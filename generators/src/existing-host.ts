import { PreconditionFailed } from './errors.ts'
import { readConfigValue } from './edits/config-object.ts'
import { lockFile } from './lock-file.ts'
import { readManifest, type Manifest } from './package-json.ts'
import { readHostFile } from './plan/host-files.ts'

type Version = readonly [major: number, minor: number, patch: number]

/** The first versions of React Router that ship the security fixes and that the generated code runs on, by major. */
const firstRouters: readonly Version[] = [
  [7, 18, 3],
  [8, 3, 0],
]

/** What `sigra dev` needs. */
const firstVite: Version = [8, 0, 0]

/**
 * Makes sure that a folder holds a React Router app that accounts can go into.
 *
 * @returns The name of its package.
 * @throws {PreconditionFailed} with one sentence that says what is missing.
 */
export async function checkExistingApp(root: string): Promise<string> {
  if ((await readHostFile(root, lockFile)) !== null) {
    throw new PreconditionFailed('This app has Sigra already: change sigra.json, then run `npx sigra apply`.')
  }
  const manifest = await readPackage(root)
  const range = versionOf(manifest, 'react-router')
  if (range === undefined || (await readHostFile(root, 'app/routes.ts')) === null) {
    throw new PreconditionFailed(
      `${root} is not a React Router app (${range === undefined ? 'react-router is no dependency' : 'there is no app/routes.ts'}). Name a new directory, or run this inside a React Router app.`,
    )
  }
  if ((await readHostFile(root, 'app/root.tsx')) === null) {
    throw new PreconditionFailed(
      'app/root.tsx is missing: Sigra generates TypeScript and needs an app written in it.',
    )
  }
  const router = (await installedVersion(root, 'react-router')) ?? range
  checkRouter(router)
  checkVite((await installedVersion(root, 'vite')) ?? versionOf(manifest, 'vite'))
  await checkConfiguration(root, parseVersion(router)?.[0])
  return manifest.name ?? 'app'
}

async function readPackage(root: string): Promise<Manifest> {
  const text = await readHostFile(root, 'package.json')
  if (text === null) {
    throw new PreconditionFailed(
      `${root} is not a React Router app (there is no package.json). Name a new directory, or run this inside a React Router app.`,
    )
  }
  try {
    return readManifest(text)
  } catch {
    throw new PreconditionFailed('package.json is not valid JSON. Mend it and run again.')
  }
}

function versionOf(manifest: Manifest, name: string): string | undefined {
  return manifest.dependencies?.[name] ?? manifest.devDependencies?.[name]
}

async function installedVersion(root: string, name: string): Promise<string | null> {
  const text = await readHostFile(root, `node_modules/${name}/package.json`).catch(() => null)
  return text === null ? null : String(readManifest(text)['version'])
}

function checkRouter(range: string): void {
  const found = parseVersion(range)
  if (found === null || firstRouters.some((first) => first[0] === found[0] && !isBefore(found, first))) return
  const needed = firstRouters.map((first) => `${first.join('.')} or newer within version ${first[0]}`)
  throw new PreconditionFailed(
    `This app uses React Router ${range}, and Sigra needs ${needed.join(', or ')}. Update react-router and @react-router/* together, then run again.`,
  )
}

function checkVite(range: string | undefined): void {
  const found = range === undefined ? null : parseVersion(range)
  if (found === null || !isBefore(found, firstVite)) return
  throw new PreconditionFailed(
    `This app uses Vite ${range}, and \`sigra dev\` needs ${firstVite.join('.')} or newer. Update vite, then run again.`,
  )
}

/** `null` for “latest”, a tag or a URL: the package manager knows. */
function parseVersion(range: string): Version | null {
  const parts = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/u.exec(range)
  return parts && [Number(parts[1]), Number(parts[2] ?? 0), Number(parts[3] ?? 0)]
}

function isBefore(version: Version, other: Version): boolean {
  const differs = version.findIndex((part, index) => part !== other[index])
  return differs !== -1 && Number(version[differs]) < Number(other[differs])
}

async function checkConfiguration(root: string, routerMajor: number | undefined): Promise<void> {
  const text = (await readHostFile(root, 'react-router.config.ts')) ?? ''
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
