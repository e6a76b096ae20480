import { holds } from './directives.ts'
import { partsWithout } from './features/feature-parts.ts'
import { rulesFile, type PackageRule, type Rules } from './rules.ts'
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

/** The `package.json` of an app: the template's versions, the app's name, our packages at the state's version. */
export function renderPackageJson(template: string, state: State, rules: Rules): string {
  const manifest = readManifest(template)
  const live = rules.package.filter((rule) => holds(rule.if, state, rulesFile))
  const only = live.find(({ onlyPackages }) => onlyPackages)?.onlyPackages
  const keep = (list: Record<string, string> | undefined) =>
    pickDependencies(list ?? {}, { state, rules, only })
  const { allowScripts, ...others } = manifest
  const rendered: Manifest = {
    ...others,
    name: packageName(state.appName),
    scripts: live.reduce(changeScripts, manifest.scripts ?? {}),
    dependencies: keep(manifest.dependencies),
    devDependencies: keep({ ...manifest.devDependencies, '@sigra/generators': state.version }),
    ...(state.flags.pm === 'npm' && allowScripts ? { allowScripts } : {}),
  }
  return `${JSON.stringify(rendered, null, 2)}\n`
}

function changeScripts(scripts: Record<string, string>, rule: PackageRule): Record<string, string> {
  const changed = Object.entries({ ...(rule.onlyScripts ?? scripts), ...rule.scripts })
  return Object.fromEntries(changed.flatMap(([name, command]) => (command === null ? [] : [[name, command]])))
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
  { state, rules, only }: { state: State; rules: Rules; only: readonly string[] | undefined },
): Record<string, string> {
  const foreign = partsWithout(rules.features, state.features, 'packages')
  const kept = Object.entries(list).filter(([name]) => !foreign.has(name) && (only?.includes(name) ?? true))
  return Object.fromEntries(
    kept.map(([name, range]) => [name, name.startsWith('@sigra/') ? state.version : range]).sort(byName),
  )
}

function byName([one]: readonly string[], [other]: readonly string[]): number {
  return String(one) < String(other) ? -1 : 1
}
