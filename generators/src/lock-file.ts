import type { State } from './state.ts'

/** Path of what was done, in the root of the host. */
export const lockFile = 'sigra.lock.json'

/** What was generated from what: the facts a later run compares against. Written by us, committed, never edited. */
export interface Lock {
  /** Last applied. */
  state: State
  /** Per generated file its template and the hash of its pristine text. */
  files: Readonly<Record<string, TrackedFile>>
  /** Per edit (`app/root.tsx middleware`) how it went. An edit that was made is never made again. */
  edits: Readonly<Record<string, 'changed' | 'already' | 'manual'>>
  /** Packages we asked for, at the range we asked for. */
  dependencies: Readonly<Record<string, string>>
  /** Keys of `.env.example` that came from us. */
  env: readonly string[]
  /** Migrations that came from us. */
  migrations: readonly string[]
  /** Files their owner keeps elsewhere: path they are generated at → where they are. */
  moved: Readonly<Record<string, string>>
  /** Files their owner deleted and wants no more of, whatever becomes of their templates. */
  deleted: readonly string[]
  /** Files that were ours, were edited, and are no longer part of the app: the owner's alone now. */
  detached: readonly string[]
}

export interface TrackedFile {
  template: string
  hash: string
}

/** Of the lock file. 1 knew neither moved files nor values of features. */
export const lockVersion = 2

/** One entry per line, sorted, so that two branches merge; flat strings, so that no formatter wraps them. */
export function formatLock(lock: Lock): string {
  const { state } = lock
  const document = {
    lockVersion,
    version: state.version,
    state: {
      appName: state.appName,
      app: state.app,
      features: flagSet(state.features),
      ...(state.retired.length === 0 ? {} : { retired: flagSet(state.retired) }),
      ...(Object.keys(state.values).length === 0 ? {} : { values: flagSet(spellValues(state.values)) }),
      names: sortKeys(state.names),
      flags: sortKeys(state.flags),
      routes: sortKeys(Object.fromEntries(state.routes.map((route) => [route.name, route.guard]))),
      ...(state.entities.length === 0 ? {} : { entities: spellEntities(state.entities) }),
    },
    files: sortKeys(mapValues(lock.files, (file) => `${file.hash} ${file.template}`)),
    edits: sortKeys(lock.edits),
    dependencies: sortKeys(lock.dependencies),
    env: flagSet(lock.env),
    migrations: flagSet(lock.migrations),
    ...(Object.keys(lock.moved).length === 0 ? {} : { moved: sortKeys(lock.moved) }),
    ...(lock.deleted.length === 0 ? {} : { deleted: flagSet(lock.deleted) }),
    detached: flagSet(lock.detached),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** `oauth=google`: one a line. */
function spellValues(values: State['values']): string[] {
  return Object.entries(values).flatMap(([feature, chosen]) => chosen.map((value) => `${feature}=${value}`))
}

/** `"Project": "organization name:string(100)"`, in the order in which they came: lists have it. */
function spellEntities(entities: State['entities']): Record<string, string> {
  return Object.fromEntries(entities.map(({ name, owner, fields }) => [name, [owner, ...fields].join(' ')]))
}

function flagSet(names: readonly string[]): Record<string, true> {
  return Object.fromEntries([...names].sort().map((name) => [name, true]))
}

function sortKeys<Value>(record: Readonly<Record<string, Value>> | object): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
