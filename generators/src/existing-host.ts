import { PreconditionFailed } from './errors.ts'
import { readConfigValue } from './edits/module-edit.ts'
import { lockFile } from './lock-file.ts'
import { readManifest, type Manifest } from './package-json.ts'
import { readHostFile } from './plan/host-files.ts'

/** Versions of React Router that ship the security fixes and that the generated code is written for. */
const minimumRouter = [8, 3, 0] as const

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
  checkRouter((await installedVersion(root)) ?? range)
  await checkServerRendering(root)
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

async function installedVersion(root: string): Promise<string | null> {
  const text = await readHostFile(root, 'node_modules/react-router/package.json').catch(() => null)
  return text === null ? null : String(readManifest(text)['version'])
}

function checkRouter(range: string): void {
  const parts = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/u.exec(range)
  if (parts === null) return // “latest”, a tag or a URL: the package manager knows
  const found = [Number(parts[1]), Number(parts[2] ?? 0), Number(parts[3] ?? 0)]
  const first = minimumRouter.findIndex((part, index) => part !== found[index])
  const isOld = first !== -1 && Number(found[first]) < Number(minimumRouter[first])
  if (!isOld && found[0] === minimumRouter[0]) return
  throw new PreconditionFailed(
    `This app uses React Router ${range}, and Sigra needs ${minimumRouter.join('.')} or newer within version ${minimumRouter[0]}. Update react-router and @react-router/* together, then run again.`,
  )
}

async function checkServerRendering(root: string): Promise<void> {
  const text = await readHostFile(root, 'react-router.config.ts')
  if (text === null || readConfigValue(text, ['ssr']) !== false) return
  throw new PreconditionFailed(
    'react-router.config.ts says `ssr: false`: accounts need a server. Switch server rendering on, then run again.',
  )
}
