import { partsWithout } from './features.ts'
import type { State } from './state.ts'

/** The keys of a `package.json` this project reads and writes. */
export interface Manifest {
  name?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  /** Which install scripts npm may run; `false` is a decision too, and npm then says nothing about it. */
  allowScripts?: Record<string, boolean>
  [key: string]: unknown
}

/** What an app without accounts needs: everything else arrives with the install. */
const bareDependencies = new Set([
  '@react-router/dev',
  '@react-router/node',
  '@types/node',
  '@types/react',
  '@types/react-dom',
  'isbot',
  'oxlint',
  'prettier',
  'react',
  'react-dom',
  'react-router',
  'typescript',
  'vite',
])

const bareScripts: Record<string, string> = {
  dev: 'react-router dev',
  build: 'react-router build',
  typecheck: 'react-router typegen && tsc',
  lint: 'oxlint --deny-warnings',
  format: 'prettier --write --log-level warn .',
  'format:check': 'prettier --check --log-level warn .',
}

/** The `package.json` of an app: the template's versions, the app's name, our packages at the state's version. */
export function renderPackageJson(template: string, state: State): string {
  const manifest = readManifest(template)
  const hasAccounts = state.features.includes('accounts')
  const keep = (list: Record<string, string> | undefined) => pickDependencies(list ?? {}, state, hasAccounts)
  const { allowScripts, ...others } = manifest
  const rendered: Manifest = {
    ...others,
    name: packageName(state.appName),
    scripts: hasAccounts ? accountScripts(manifest.scripts ?? {}, state) : bareScripts,
    dependencies: keep(manifest.dependencies),
    devDependencies: keep({ ...manifest.devDependencies, '@sigra/generators': state.version }),
    ...(state.flags.pm === 'npm' && allowScripts ? { allowScripts } : {}),
  }
  return `${JSON.stringify(rendered, null, 2)}\n`
}

/** In-process mail has no worker to build or to start. Yarn brings a shell of its own, without `exec`, and passes signals on. */
function accountScripts(scripts: Record<string, string>, { flags }: State): Record<string, string> {
  const own = flags.pm === 'yarn' ? withoutExec(scripts) : scripts
  if (flags.mail === 'queue') return own
  const { worker: _, ...rest } = own
  return { ...rest, build: (own['build'] ?? '').split(' && ', 1).join('') }
}

function withoutExec(scripts: Record<string, string>): Record<string, string> {
  const entries = Object.entries(scripts).map(([name, command]) => [name, command.replace('exec ', '')])
  return Object.fromEntries(entries)
}

/** `Acme Billing` → `acme-billing`, as npm accepts it. */
export function packageName(appName: string): string {
  const words = appName
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== '')
  return words.join('-').slice(0, 200) || 'app'
}

/** Reads a `package.json`; an empty one for anything that is not an object. */
export function readManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function pickDependencies(
  list: Record<string, string>,
  state: State,
  hasAccounts: boolean,
): Record<string, string> {
  const foreign = partsWithout(state.features, 'packages')
  const kept = Object.entries(list).filter(
    ([name]) => !foreign.has(name) && (hasAccounts || bareDependencies.has(name)),
  )
  return Object.fromEntries(
    kept.map(([name, range]) => [name, name.startsWith('@sigra/') ? state.version : range]).sort(byName),
  )
}

function byName([one]: readonly string[], [other]: readonly string[]): number {
  return String(one) < String(other) ? -1 : 1
}
