import type { AllParts } from './features/feature-parts.ts'

export interface Names {
  /** Folder and prose: `Accounts` → `app/accounts/accounts.server.ts`. */
  context: string
  /** Classes, functions, files: `User` → `UserSession`, `registerUser`, `user-session.ts`. */
  entity: string
  /** Tables and routes: `users` → `users_tokens`, `/users/log-in`. */
  table: string
}

/**
 * What follows the name triple, by what the templates say of their features. Everything else in a template stays as it is:
 * `requireUser`, `userAgent`, what an account can do (`accounts.registerUser`) and the library's own exports never change name.
 */
interface Words {
  identifiers: ReadonlySet<string>
  /** File names that follow the entity. */
  segments: readonly string[]
  /** Names of tables, longest first, so that `users_tokens` is not taken for `users`. */
  tables: readonly string[]
}

const defaultFolder = 'accounts'
const defaultRoute = 'users'

export interface Renamer {
  /** Nothing differs from the templates. */
  readonly isIdentity: boolean
  /** A whole identifier; `null` when it is not listed. */
  identifier(name: string): string | null
  /** A path of the app, or the module path in an import. */
  path(path: string): string
  /** Route paths inside a string: `/users/log-in`, `http://localhost/users`. */
  routes(text: string): string
  /** Table, index and constraint names inside a string. */
  sql(text: string): string
  /** Whole words that are listed identifiers, inside prose about code. `User` alone is an English word and stays. */
  prose(text: string): string
}

/** @param parts What the templates that are rendered have of each feature. */
export function createRenamer(names: Names, parts: AllParts): Renamer {
  const words = readWords(parts)
  const folder = toKebab(names.context)
  const routeSegment = names.table.replaceAll('_', '-')
  const segments = pathSegments(folder, toKebab(names.entity), words)
  const identifier = (name: string) =>
    words.identifiers.has(name) ? name.replace('User', names.entity) : null
  const path = (text: string) =>
    text
      .split('/')
      .map((segment) => renameSegment(segment, segments))
      .join('/')
  const routes = (text: string) => replaceWhere(text, `/${defaultRoute}`, `/${routeSegment}`, isEndOfSegment)

  return {
    isIdentity: folder === defaultFolder && names.entity === 'User' && names.table === defaultRoute,
    identifier,
    path,
    routes,
    sql: (text) => mapWords(text, (word) => renameTable(word, names, words)),
    prose: (text) =>
      mapWords(routes(renameFolders(text, folder, segments)), (word) =>
        word === 'User' ? word : (identifier(word) ?? renameTable(word, names, words)),
      ),
  }
}

function readWords(parts: AllParts): Words {
  const features = Object.values(parts)
  const tables = features
    .flatMap((feature) => feature.tables)
    .filter((table) => /^users?(?:_|$)/u.test(table))
  return {
    identifiers: new Set(features.flatMap((feature) => feature.identifiers)),
    segments: features.flatMap((feature) => feature.segments),
    tables: tables.toSorted((one, other) => other.length - one.length),
  }
}

/** `TeamMember` → `team-member`. */
export function toKebab(pascal: string): string {
  return splitPascal(pascal).join('-')
}

/** `TeamMember` → `team_member`. */
export function toSnake(pascal: string): string {
  return splitPascal(pascal).join('_')
}

function splitPascal(pascal: string): string[] {
  return pascal
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/gu, '$1 $2')
    .toLowerCase()
    .split(' ')
}

function pathSegments(folder: string, entity: string, { segments }: Words): ReadonlyMap<string, string> {
  return new Map([
    [defaultFolder, folder],
    [`${defaultFolder}.server`, `${folder}.server`],
    ...segments.map((file): [string, string] => [file, file.replace('user', entity)]),
  ])
}

const endings = ['.pg.test.ts', '.test.tsx', '.test.ts', '.spec.ts', '.tsx', '.ts', '']

function renameSegment(segment: string, segments: ReadonlyMap<string, string>): string {
  for (const ending of endings) {
    const renamed = segment.endsWith(ending) && segments.get(segment.slice(0, segment.length - ending.length))
    if (renamed) return renamed + ending
  }
  return segment
}

/** Paths such as `app/accounts/entities/user.ts` and `accounts.server.ts` inside prose. */
function renameFolders(text: string, folder: string, segments: ReadonlyMap<string, string>): string {
  return mapRuns(text, /[\w./*-]/u, (run) => {
    const isPath = run.includes(`${defaultFolder}/`) || run.startsWith(`${defaultFolder}.server`)
    if (!isPath) return run
    return run
      .split('/')
      .map((segment) => (segment === defaultFolder ? folder : renameSegment(segment, segments)))
      .join('/')
  })
}

function renameTable(word: string, { table, entity }: Names, { tables }: Words): string {
  const found = tables.find((known) => word === known || word.startsWith(`${known}_`))
  if (found === undefined) return word
  return found.startsWith('users') ? word.replace('users', table) : word.replace('user', toSnake(entity))
}

function replaceWhere(text: string, from: string, to: string, accepts: (next: string) => boolean): string {
  const parts = text.split(from)
  return parts.reduce((done, part) => done + (accepts(part) ? to : from) + part)
}

function isEndOfSegment(rest: string): boolean {
  return !/^[A-Za-z0-9_-]/u.test(rest)
}

function mapWords(text: string, map: (word: string) => string): string {
  return mapRuns(text, /\w/u, map)
}

function mapRuns(text: string, isInside: RegExp, map: (run: string) => string): string {
  let output = ''
  let run = ''
  for (const character of text) {
    if (isInside.test(character)) {
      run += character
    } else {
      output += (run === '' ? '' : map(run)) + character
      run = ''
    }
  }
  return output + (run === '' ? '' : map(run))
}
