// What an app pays for having us, in counts, because times differ between machines: the modules that importing the server's
// entry loads, and what the type-check of the generated app reads and works out. Builds first.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from './lib/build.ts'
import { mustRun } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { root } from './lib/workspace.ts'

/** A process that uses none of this loads none of it. */
const LATER = [
  '@simplewebauthn/',
  'qr',
  'react-email',
  'nodemailer',
  '@conform-to/',
  'zod',
  'graphile-worker',
]
/** Types of what we use inside: an app that names none of it reads none of it. */
const INSIDE = [
  '@simplewebauthn/server',
  '@peculiar/',
  'asn1js',
  'graphile-worker',
  'nodemailer',
  'hash-wasm',
]

interface MeasuredApp {
  name: string
  flags: readonly string[]
  most: { files: number; instantiations: number; types: number }
}

/** An area costs who has it: the app without it stays as small as it was. */
const APPS: readonly MeasuredApp[] = [
  {
    name: 'an app without organizations',
    flags: ['--no-organizations'],
    most: { files: 1_220, instantiations: 110_000, types: 42_000 },
  },
  { name: 'an app', flags: [], most: { files: 1_289, instantiations: 140_000, types: 52_200 } },
]

const LOADED = `
  import { registerHooks } from 'node:module'
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  await import('react-router')
  await import('@mikro-orm/postgresql')
  loaded.length = 0
  await import('@sigra/remix')
  console.log(JSON.stringify(loaded.filter((url) => url.startsWith('file:'))))`

let failures = 0
if (!process.env.SIGRA_PACKED) await build(say)
await checkLoaded()
for (const app of APPS) await checkTypes(app)
process.exitCode = failures > 0 ? 1 : 0

async function checkLoaded(): Promise<void> {
  const loaded: string[] = JSON.parse(
    await mustRun(process.execPath, ['--input-type=module', '--eval', LOADED], {
      cwd: join(root, 'playground'),
    }),
  )
  atMost('modules loaded by @sigra/remix', loaded.length, 12)
  none('loaded before it is used', loaded, LATER)
}

async function checkTypes({ name, flags, most }: MeasuredApp): Promise<void> {
  const folder = join(root, 'e2e/.app-footprint')
  const app = { cwd: folder }
  await rm(folder, { recursive: true, force: true })
  try {
    const create = join(root, 'packages/create-sigra-remix/src/bin.ts')
    const wanted = ['--yes', ...flags, '--no-install', '--no-git']
    await mustRun(process.execPath, ['--conditions=sigra-source', create, folder, ...wanted], { cwd: root })
    await mustRun(process.execPath, [join(root, 'node_modules/@react-router/dev/bin.cjs'), 'typegen'], app)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const files = (await mustRun(process.execPath, [tsc, '--listFilesOnly'], app)).split('\n')
    none(`read by the type-check of ${name}`, files, INSIDE)
    const numbers = await mustRun(process.execPath, [tsc, '--extendedDiagnostics', '--singleThreaded'], app)
    atMost(`files in the type-check of ${name}`, count(numbers, 'Files'), most.files)
    atMost(`type instantiations of ${name}`, count(numbers, 'Instantiations'), most.instantiations)
    atMost(`types of ${name}`, count(numbers, 'Types'), most.types)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function count(numbers: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(numbers)?.[1])
}

function atMost(what: string, found: number, most: number): void {
  if (found <= most) return say(`ok  ${what}: ${found}, at most ${most}`)
  failures += 1
  complain(`${what}: ${found}, at most ${most}`)
}

function none(what: string, paths: readonly string[], names: readonly string[]): void {
  const found = paths.filter((path) => names.some((name) => path.includes(`/node_modules/${name}`)))
  if (found.length === 0) return say(`ok  nothing ${what} of: ${names.join(' ')}`)
  failures += 1
  complain(`${what}:\n${found.slice(0, 10).join('\n')}`)
}
