// What an app pays for having us, in counts, because times differ between machines: the modules that importing the server's
// entry loads, and what the type-check of the generated app reads and works out. Builds first.
import { join } from 'node:path'
import { copyApp } from '../e2e/support/app-copy.ts'
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
await checkTypes()
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

async function checkTypes(): Promise<void> {
  const copy = await copyApp('playground', 'footprint')
  const app = { cwd: copy.root }
  try {
    await mustRun(process.execPath, [join(root, 'node_modules/@react-router/dev/bin.cjs'), 'typegen'], app)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const files = (await mustRun(process.execPath, [tsc, '--listFilesOnly'], app)).split('\n')
    none('read by the type-check', files, INSIDE)
    const numbers = await mustRun(process.execPath, [tsc, '--extendedDiagnostics', '--singleThreaded'], app)
    atMost('files in the type-check of an app', count(numbers, 'Files'), 1_220)
    atMost('type instantiations of an app', count(numbers, 'Instantiations'), 110_000)
    atMost('types of an app', count(numbers, 'Types'), 42_000)
  } finally {
    await copy.remove()
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
