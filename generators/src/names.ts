import { optionalFeatures } from './features/list.ts'

export interface Names {
  /** Folder and prose: `Accounts` → `app/accounts/accounts.server.ts`. */
  context: string
  /** Classes, functions, files: `User` → `UserSession`, `registerUser`, `user-session.ts`. */
  entity: string
  /** Tables and routes: `users` → `users_tokens`, `/users/log-in`. */
  table: string
}

/**
 * What follows the name triple: what is always there, and what the manifests of the features add. Everything else in a
 * template stays as it is: `requireUser`, `userAgent`, what an account can do (`accounts.registerUser`) and the
 * library's own exports never change name.
 */
const identifiers: ReadonlySet<string> = new Set([
  'User',
  'UserSchema',
  'UserSession',
  'UserSessionSchema',
  'UserToken',
  'UserTokenSchema',
  'UserKnownBrowser',
  'UserKnownBrowserSchema',
  'UserTotp',
  'UserTotpSchema',
  'UserBackupCode',
  'UserBackupCodeSchema',
  'UserEmailChange',
  'UserEmailChangeSchema',
  'UserAddressHold',
  'UserAddressHoldSchema',
  'UserConsent',
  'UserConsentSchema',
  ...optionalFeatures.flatMap((feature) => feature.identifiers),
])

/** File names that follow the entity. */
const entityFiles: readonly string[] = [
  'user',
  'user-session',
  'user-token',
  'user-known-browser',
  'user-totp',
  'user-backup-code',
  'user-email-change',
  'user-address-hold',
  'user-consent',
  ...optionalFeatures.flatMap((feature) => feature.segments),
]

/** Names of tables in the templates, longest first, so that `users_tokens` is not taken for `users`. */
const tables: readonly string[] = [
  'user_known_browsers',
  'user_backup_codes',
  'user_email_changes',
  'user_address_holds',
  'user_consents',
  'user_sessions',
  'users_tokens',
  'user_totp',
  'users',
  ...optionalFeatures.flatMap((feature) => feature.tables).filter((table) => /^users?_/u.test(table)),
].toSorted((one, other) => other.length - one.length)

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

export function createRenamer(names: Names): Renamer {
  const folder = toKebab(names.context)
  const routeSegment = names.table.replaceAll('_', '-')
  const segments = pathSegments(folder, toKebab(names.entity))
  const identifier = (name: string) => (identifiers.has(name) ? name.replace('User', names.entity) : null)
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
    sql: (text) => mapWords(text, (word) => renameTable(word, names)),
    prose: (text) =>
      mapWords(routes(renameFolders(text, folder, segments)), (word) =>
        word === 'User' ? word : (identifier(word) ?? renameTable(word, names)),
      ),
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

function pathSegments(folder: string, entity: string): ReadonlyMap<string, string> {
  return new Map([
    [defaultFolder, folder],
    [`${defaultFolder}.server`, `${folder}.server`],
    ...entityFiles.map((file): [string, string] => [file, file.replace('user', entity)]),
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

function renameTable(word: string, { table, entity }: Names): string {
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
