import type { MikroORM } from '@mikro-orm/postgresql'
import {
  ConfigInvalid,
  createPasswordHasher,
  type KeyRing,
  parseKeyRing,
  type PasswordEngine,
  type PasswordHasher,
} from '@sigra/core'
import type { AccountData } from './account-data/account-data.ts'
import { readAccountData } from './account-data/read-account-data.ts'
import { type AccountPaths, parsePaths } from './account-paths.ts'
import type { AreaHandle, OpenArea } from './areas/area.ts'
import { openAreas } from './areas/open-areas.ts'
import { refuseSteps } from './areas/refuse-steps.ts'
import { type Document, type Documents, readDocuments } from './consent/documents.ts'
import { createPolicy } from './create-policy.ts'
import { parseLocale } from './locale.ts'
import type { Hooks } from './hooks.ts'
import { createDefaultLogger, type Logger } from './logger.ts'
import { parseName } from './parse-name.ts'
import { type Policy, type PolicyOverrides } from './policy.ts'
import { refuseEarlySweep } from './policy-rules.ts'
import { listDeviations } from './policy-deviations.ts'
import { execute } from './database/execute.ts'
import type { Sql } from './database/sql.ts'
import { readAdminColumn } from './door/admin-column.ts'
import { parseOrigin } from './start/parse-origin.ts'
import { type Entities, readTables, type Tables, type UserColumn } from './tables.ts'
import { readLocaleColumn, readUserColumns } from './user-columns.ts'
import { createRefunds, type Refunds } from './limits/refunds.ts'
import { version } from './version.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { requireSwitch } from './require-switch.ts'

export interface RuntimeOptions {
  /** An initialised MikroORM of `@mikro-orm/postgresql`. */
  orm: MikroORM
  entities: Entities
  /** Public origin: `https://app.example.com`. Mail links, cookies and origin checks follow it. */
  origin: string
  /** Key ring: `kid:base64url`, several separated by commas, the first one signs. */
  secrets: string
  /** How the app calls itself in mails. */
  appName: string
  /** What the app has beside accounts: passkeys, for example. @default [] */
  areas?: readonly AreaHandle[]
  /** What the app keeps about people beside: deletion and export go by it. @default nothing */
  accountData?: AccountData | undefined
  /** Where the pages are; those not named stay where they are by default. @default everything below /users */
  paths?: Partial<AccountPaths>
  /** Host properties of the user that every session carries. @default [] */
  sessionUser?: readonly string[]
  /**
   * Host properties of the user that mails carry, to greet people by name for example; only to a confirmed address.
   * @default []
   */
  mailUser?: readonly string[]
  /** Host's text property of the user that says in which language to write to them: `de`, `pt-BR`. @default none */
  localeProperty?: string
  /** The language of mails to whom no other is known. @default 'en' */
  defaultLocale?: string
  /** Host's boolean property of the user that marks an admin, for `policy.secondFactor: 'admins'`. @default none */
  adminProperty?: string
  policy?: PolicyOverrides
  /** What people accept before they are in, by name: terms of use, for example. @default {} */
  documents?: Documents
  /** Another argon2id, for example `@node-rs/argon2`. */
  hasher?: PasswordEngine
  /** Milliseconds to add to the database's clock. For tests only. */
  clockOffset?: () => number
  /** @default process.env.NODE_ENV === 'production' */
  production?: boolean
  logger?: Logger
  /** `false` behind a pooler that shares connections between transactions. @default true */
  preparedStatements?: boolean
  /** Lets a production build run on `http://localhost`; the start says so loudly. @default false */
  dangerouslyAllowLoopbackHttp?: boolean
  /** Takes a policy below its floors and above its ceilings. For tests; production refuses it. @default false */
  dangerouslyWeakPolicy?: boolean
}

/** What every flow works with. One per process. */
export interface Runtime {
  /** Of the package that made it. */
  readonly version: string
  readonly orm: MikroORM
  readonly entities: Entities
  readonly origin: URL
  readonly appName: string
  readonly paths: Readonly<AccountPaths>
  readonly ring: KeyRing
  readonly hasher: PasswordHasher
  /** What was taken for a guess and not used goes back by these. */
  readonly refunds: Refunds
  /** What areas do when something happens to an account, in their order. */
  readonly hooks: readonly Hooks[]
  readonly policy: Policy
  /** What people accept, in the versions of now. */
  readonly documents: readonly Document[]
  readonly tables: Tables
  /** What the app has beside accounts, in the library's order. */
  readonly areas: readonly OpenArea[]
  /** What the app keeps about people beside the tables of accounts and areas. */
  readonly accountData: AccountData
  readonly clockOffset: () => number
  readonly logger: Logger
  readonly sessionUser: readonly UserColumn[]
  readonly mailUser: readonly UserColumn[]
  /** What the export of an account has of the user's own row. */
  readonly exportUser: readonly UserColumn[]
  /** The quoted column of `localeProperty`. */
  readonly localeColumn: Sql | null
  readonly defaultLocale: string
  /** The quoted column of `adminProperty`. */
  readonly adminColumn: Sql | null
  readonly preparedStatements: boolean
  readonly production: boolean
  /** Releases what the runtime made. The host's orm stays open. */
  close(): Promise<void>
}

const knownOptions = {
  orm: true,
  entities: true,
  origin: true,
  secrets: true,
  appName: true,
  areas: true,
  accountData: true,
  paths: true,
  sessionUser: true,
  mailUser: true,
  localeProperty: true,
  defaultLocale: true,
  adminProperty: true,
  policy: true,
  documents: true,
  hasher: true,
  clockOffset: true,
  production: true,
  logger: true,
  preparedStatements: true,
  dangerouslyAllowLoopbackHttp: true,
  dangerouslyWeakPolicy: true,
} satisfies Record<keyof RuntimeOptions, true>

const switches = [
  'production',
  'preparedStatements',
  'dangerouslyAllowLoopbackHttp',
  'dangerouslyWeakPolicy',
] as const satisfies readonly (keyof RuntimeOptions)[]

/**
 * Checks every option once and makes what the flows share. Does no I/O.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, one sentence for the first mistake found.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  refuseUnknown(options, knownOptions, (key) => `"${key}" is not an option of Sigra`)
  for (const name of switches) requireSwitch(name, options[name])
  const isProductionBuild = process.env['NODE_ENV'] === 'production'
  const production = options.production ?? isProductionBuild
  const logger = options.logger ?? createDefaultLogger(production)
  requireFunctions('logger', logger, ['info', 'warn', 'error'])
  if (options.hasher !== undefined) requireFunctions('hasher', options.hasher, ['hash', 'verify'])
  if (production && options.clockOffset !== undefined) {
    throw new ConfigInvalid('clockOffset is for tests: production refuses it')
  }
  if (isProductionBuild && !production) logger.warn('sigra.dangerous_option', { option: 'production: false' })
  const policy = readPolicy(options, production, logger)
  const origin = parseOrigin(options.origin, {
    production,
    allowLoopbackHttp: options.dangerouslyAllowLoopbackHttp ?? false,
  })
  const ring = parseKeyRing(options.secrets, { production })
  const tables = readTables(options.orm, options.entities)
  const accountData = readAccountData(options.orm, options.entities, policy, options.accountData)
  const columns = readColumns(options, accountData, policy)
  const defaultLocale = readDefaultLocale(options.defaultLocale ?? 'en')
  const appName = parseName('appName', options.appName)
  const areas = openAreas(options.areas ?? [], {
    orm: options.orm,
    origin,
    appName,
    check: { dangerouslyWeak: options.dangerouslyWeakPolicy ?? false },
  })
  if (!options.dangerouslyWeakPolicy)
    refuseEarlySweep(
      policy,
      areas.flatMap(({ buckets }) => buckets),
    )
  const paths = parsePaths(options.paths, areas)
  refuseSteps({ areas, paths })
  if (production && origin.protocol === 'http:') {
    logger.warn('sigra.dangerous_option', { option: 'dangerouslyAllowLoopbackHttp' })
  }
  const hasher = createHasher(options, policy)
  const refunds = createRefunds((refund) => execute(options.orm.em.fork(), refund))
  return {
    version,
    orm: options.orm,
    entities: options.entities,
    origin,
    appName,
    paths,
    ring,
    hasher,
    refunds,
    hooks: areas.flatMap(({ hooks }) => hooks ?? []),
    policy,
    documents: readDocuments(options.documents ?? {}),
    tables,
    areas,
    accountData,
    clockOffset: options.clockOffset ?? (() => 0),
    logger,
    ...columns,
    defaultLocale,
    preparedStatements: options.preparedStatements ?? true,
    production,
    async close() {
      refunds.close()
      await hasher.close()
    },
  }
}

function requireFunctions(name: string, value: object, functions: readonly string[]): void {
  const missing = functions.find((key) => typeof Reflect.get(Object(value), key) !== 'function')
  if (missing !== undefined) throw new ConfigInvalid(`${name} must have a function ${missing}`)
}

function readPolicy(
  { policy: overrides, dangerouslyWeakPolicy: dangerouslyWeak = false }: RuntimeOptions,
  production: boolean,
  logger: Logger,
): Policy {
  if (dangerouslyWeak && production) {
    throw new ConfigInvalid('dangerouslyWeakPolicy is for tests: production refuses it')
  }
  const policy = createPolicy(overrides, { dangerouslyWeak })
  if (dangerouslyWeak) logger.warn('sigra.dangerous_option', { option: 'dangerouslyWeakPolicy' })
  else for (const deviation of listDeviations(policy)) logger.warn('sigra.deviation', { ...deviation })
  return policy
}

/** What of the host's own columns of a user is read, and where. */
function readColumns(
  { orm, entities: { User }, ...options }: RuntimeOptions,
  { user }: AccountData,
  policy: Policy,
) {
  const read = (option: Parameters<typeof readUserColumns>[2], properties: readonly string[] = []) =>
    readUserColumns(orm, User, option, properties)
  return {
    sessionUser: read('sessionUser', options.sessionUser),
    mailUser: read('mailUser', options.mailUser),
    exportUser: read('accountData.user.export', user?.export),
    localeColumn: readLocaleColumn(orm, User, options.localeProperty),
    adminColumn: readAdminColumn(orm, User, options.adminProperty, policy),
  }
}

function createHasher({ hasher: engine }: RuntimeOptions, { passwordHash }: Policy): PasswordHasher {
  const { knownBrowserPlaces: keptPlaces, placesPerAccount: keptPlacesPerAccount, ...sizes } = passwordHash
  const { queueLimit, concurrency, memoryKib, passes, parallelism } = sizes
  return createPasswordHasher({
    ...(engine ? { engine } : {}),
    queueLimit,
    keptPlaces,
    keptPlacesPerAccount,
    concurrency,
    memoryKib,
    passes,
    parallelism,
  })
}

function readDefaultLocale(text: unknown): string {
  const locale = parseLocale(text)
  if (locale === null) throw new ConfigInvalid('defaultLocale must be a language tag like en or pt-BR')
  return locale
}
