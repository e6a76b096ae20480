import { checkEntity, type EntityItem } from './entity-items.ts'
import {
  defaultFeatures,
  features,
  isOptionalFeature,
  manifestsOf,
  sortFeatures,
  type Feature,
  type OptionalFeature,
} from './features.ts'
import type { Guard } from './guards.ts'
import type { Names } from './names.ts'
import { refuseUnless } from './refuse-unless.ts'

export interface Flags {
  id: 'uuid' | 'bigint'
  mail: 'queue' | 'in-process'
  db: 'embedded' | 'url'
  pm: 'npm' | 'pnpm' | 'yarn' | 'bun'
}

/** A page added with `npx plop sigra:route`: `/projects` guarded by `user` → `app/routes/projects.tsx`. */
export interface RouteItem {
  name: string
  guard: Guard
}

/** Everything the rendered text depends on. Same state, same bytes. */
export interface State {
  /** Version of `@sigra/generators` whose templates were used. */
  version: string
  appName: string
  /** `created`: the whole app is ours to render; `existing`: the host's own files are only edited. */
  app: 'created' | 'existing'
  features: readonly Feature[]
  /** Taken out of the app, with what people stored still in their tables. */
  retired: readonly OptionalFeature[]
  /** What is chosen of features that leave a choice: `{ oauth: ['google'] }`. */
  values: Readonly<Record<string, readonly string[]>>
  names: Names
  flags: Flags
  routes: readonly RouteItem[]
  entities: readonly EntityItem[]
}

export const defaultNames: Names = { context: 'Accounts', entity: 'User', table: 'users' }
export const defaultFlags: Flags = { id: 'uuid', mail: 'queue', db: 'embedded', pm: 'npm' }

/** Values each flag accepts, in the order help and prompts list them; the first is the default. */
export const flagValues = {
  id: ['uuid', 'bigint'],
  mail: ['queue', 'in-process'],
  db: ['embedded', 'url'],
  pm: ['npm', 'pnpm', 'yarn', 'bun'],
} as const satisfies { [Flag in keyof Flags]: readonly Flags[Flag][] }

const MAX_NAME_LENGTH = 30 // leaves room for `_known_browsers_user_id_foreign` below PostgreSQL's 63

/** Completes a partial state with the defaults and checks the names. @throws {UsageInvalid} */
export function createState(options: Partial<State> & { version: string }): State {
  const state: State = {
    version: options.version,
    appName: options.appName ?? 'Sigra App',
    app: options.app ?? 'created',
    features: sortFeatures(options.features ?? defaultFeatures),
    retired: sortRetired(options),
    values: sortValues(options),
    names: options.names ?? defaultNames,
    flags: options.flags ?? defaultFlags,
    routes: options.routes ?? [],
    entities: options.entities ?? [],
  }
  checkNames(state.names)
  checkAppName(state.appName)
  for (const route of state.routes) checkRouteName(route.name)
  checkEntities(state)
  return state
}

/**
 * Names become identifiers, file names and SQL. Which are taken, `taken-names.ts` knows.
 *
 * @throws {UsageInvalid} with an example of what is accepted.
 */
export function checkNames({ context, entity, table }: Names): void {
  refuseUnless(
    isPascalCase(context),
    `“${context}” cannot name a context; write it like Accounts or Members.`,
  )
  refuseUnless(isPascalCase(entity), `“${entity}” cannot name an entity; write it like User or Member.`)
  refuseUnless(isSnakeCase(table), `“${table}” cannot name a table; write it like users or team_members.`)
  refuseUnless(
    context !== entity,
    `Context and entity are both “${context}”; the context is usually the plural.`,
  )
}

/** The name people read. Quotes and line breaks would have to be escaped wherever it appears. @throws {UsageInvalid} */
export function checkAppName(appName: string): void {
  const isPlain = appName.length > 0 && appName.length <= 60 && [...appName].every(isPlainCharacter)
  refuseUnless(
    isPlain,
    `“${appName}” cannot be the app's name; use letters, digits, spaces, dots and dashes.`,
  )
}

/** A page name is a path and a file name. @throws {UsageInvalid} */
export function checkRouteName(name: string): void {
  const isPath = /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)*$/u.test(name) && name.length <= 100
  refuseUnless(isPath, `“${name}” cannot name a page; write it like projects or reports/monthly.`)
}

/** Each once, and none that needs a feature which the app has not. @throws {UsageInvalid} */
function checkEntities({ entities, routes, features: wanted }: State): void {
  for (const item of entities) checkEntity(item)
  const names = entities.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  refuseUnless(twice === undefined, `“${twice}” is among the entities twice.`)
  if (wanted.includes('organizations')) return
  const needing = [
    ...entities.filter(({ owner }) => owner === 'organization').map(({ name }) => `the entity ${name}`),
    ...routes.filter(({ guard }) => guard === 'member').map(({ name }) => `the page “${name}”`),
  ]
  refuseUnless(
    needing.length === 0,
    `This app has no organizations, and they are needed by ${needing.join(', ')}.`,
  )
}

function sortRetired({
  features: wanted = defaultFeatures,
  retired = [],
}: Partial<State>): OptionalFeature[] {
  const both = retired.find((feature) => wanted.includes(feature))
  refuseUnless(
    both === undefined,
    `“${both}” is a feature of the app and retired at once; it is one of them.`,
  )
  return features.filter(isOptionalFeature).filter((feature) => retired.includes(feature))
}

/** In the order of the manifests, each once. @throws {UsageInvalid} for what cannot be chosen. */
function sortValues({ features: wanted = defaultFeatures, values = {} }: Partial<State>): State['values'] {
  const manifests = manifestsOf(wanted)
  for (const [feature, chosen] of Object.entries(values)) {
    const known = manifests.find(({ name }) => name === feature)?.values
    refuseUnless(known !== undefined, `values names ${feature}, which is not among the features.`)
    const stray = chosen.find((value) => known?.includes(value) === false)
    refuseUnless(
      stray === undefined,
      `“${stray}” cannot be chosen of ${feature}${known?.length ? `; it is one of ${known.join(', ')}` : ', which leaves no choice'}.`,
    )
  }
  const sorted = manifests.map(
    ({ name, values: known }) => [name, known.filter((value) => values[name]?.includes(value))] as const,
  )
  return Object.fromEntries(sorted.filter(([, chosen]) => chosen.length > 0))
}

function isPascalCase(name: string): boolean {
  return /^[A-Z][A-Za-z0-9]*$/u.test(name) && name.length <= MAX_NAME_LENGTH
}

function isSnakeCase(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/u.test(name) && name.length <= MAX_NAME_LENGTH
}

function isPlainCharacter(character: string): boolean {
  return /^[\p{L}\p{N} ._-]$/u.test(character)
}
