import type { EntityClass, EntityMetadata } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { identifier, type Sql } from './database/sql.ts'
import { auditEventProperties } from './schema/audit-event.ts'
import { limitProperties } from './schema/limit.ts'
import { userBackupCodeProperties } from './schema/user-backup-code.ts'
import { userKnownBrowserProperties } from './schema/user-known-browser.ts'
import { userPasskeyProperties } from './schema/user-passkey.ts'
import { userProperties } from './schema/user.ts'
import { userSessionProperties } from './schema/user-session.ts'
import { userTokenProperties } from './schema/user-token.ts'
import { userTotpProperties } from './schema/user-totp.ts'
import { webauthnSpentChallengeProperties } from './schema/webauthn-spent-challenge.ts'
import { workerHeartbeatProperties } from './schema/worker-heartbeat.ts'

/** A host's column that sessions or mails carry. */
export interface UserColumn {
  property: string
  column: string
  /** Turns what the driver returns into what the entity would hold. */
  read(value: unknown): unknown
}

/** The host's classes made of the property bundles. */
export interface Entities {
  User: EntityClass<unknown>
  UserSession: EntityClass<unknown>
  UserToken: EntityClass<unknown>
  UserKnownBrowser: EntityClass<unknown>
  UserTotp: EntityClass<unknown>
  UserBackupCode: EntityClass<unknown>
  /** Absent, like the next, in an app without passkeys. */
  UserPasskey?: EntityClass<unknown>
  WebauthnSpentChallenge?: EntityClass<unknown>
  AuditEvent: EntityClass<unknown>
  Limit: EntityClass<unknown>
  WorkerHeartbeat: EntityClass<unknown>
}

export interface Table {
  /** The quoted name, with its schema where it has one, ready for a template. */
  readonly name: Sql
  /** The same as text, for functions that take a table's name. */
  readonly quoted: string
  /** The quoted column of a property. Library columns are pinned and may be written out in SQL. */
  column(property: string): Sql
}

export interface PasskeyTables {
  userPasskey: Table
  spentChallenge: Table
}

export interface Tables {
  user: Table
  userSession: Table
  userToken: Table
  userKnownBrowser: Table
  userTotp: Table
  userBackupCode: Table
  /** `null` in an app without passkeys. */
  passkeys: PasskeyTables | null
  auditEvent: Table
  limit: Table
  worker: Table
  /** Every column the library reads or writes, by its table's quoted name. */
  columns: readonly { table: string; column: string }[]
  /** The function of `auditProtectionSql` that removes old audit rows. */
  auditRetention: Sql
  idType: 'uuid' | 'bigint'
}

type Bundle = Record<string, { '~options': object }>

const ownedByUser = {
  user: { '~options': { fieldName: 'user_id' } },
  id: { '~options': { fieldName: 'id' } },
}

/**
 * Reads table and column names from the host's metadata, once.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first entity or column that is missing.
 */
export function readTables(orm: MikroORM, entities: Entities): Tables {
  const columns: { table: string; column: string }[] = []
  const table = (key: keyof Entities, bundle: Bundle) => {
    const read = readTable(metadataOf(orm, key, entities[key]), key, bundle)
    columns.push(
      ...Object.keys(bundle).map((property) => ({ table: read.quoted, column: read.columnName(property) })),
    )
    return read
  }
  const user = table('User', { ...userProperties, id: ownedByUser.id })
  const audit = metadataOf(orm, 'AuditEvent', entities.AuditEvent)
  return {
    user,
    userSession: table('UserSession', { ...userSessionProperties, ...ownedByUser }),
    userToken: table('UserToken', { ...userTokenProperties, ...ownedByUser }),
    userKnownBrowser: table('UserKnownBrowser', { ...userKnownBrowserProperties, ...ownedByUser }),
    userTotp: table('UserTotp', { ...userTotpProperties, ...ownedByUser }),
    userBackupCode: table('UserBackupCode', { ...userBackupCodeProperties, ...ownedByUser }),
    passkeys: hasPasskeys(entities)
      ? {
          userPasskey: table('UserPasskey', { ...userPasskeyProperties, ...ownedByUser }),
          spentChallenge: table('WebauthnSpentChallenge', webauthnSpentChallengeProperties),
        }
      : null,
    auditEvent: table('AuditEvent', auditEventProperties),
    limit: table('Limit', limitProperties),
    worker: table('WorkerHeartbeat', workerHeartbeatProperties),
    columns,
    auditRetention: identifier(...schemaOf(audit), `${audit.tableName}_retain`),
    idType: idTypeOf(metadataOf(orm, 'User', entities.User)),
  }
}

/** Passkeys need both of their tables; an app without them has neither. */
function hasPasskeys({ UserPasskey, WebauthnSpentChallenge }: Entities): boolean {
  return UserPasskey !== undefined || WebauthnSpentChallenge !== undefined
}

function readTable(
  meta: EntityMetadata,
  key: keyof Entities,
  bundle: Bundle,
): Table & { columnName(property: string): string } {
  for (const [property, builder] of Object.entries(bundle)) {
    const wanted = 'fieldName' in builder['~options'] ? builder['~options'].fieldName : property
    const found = columnOf(meta, property)
    if (found === undefined) {
      throw new ConfigInvalid(
        `entities.${key} (${meta.className}) has no property "${property}": spread the library's properties into it`,
      )
    }
    if (found !== wanted) {
      throw new ConfigInvalid(
        `entities.${key} (${meta.className}) stores "${property}" in column "${found}"; it must be "${String(wanted)}"`,
      )
    }
  }
  const names = [...schemaOf(meta), meta.tableName]
  const columnName = (property: string) => {
    const column = columnOf(meta, property)
    if (column !== undefined) return column
    throw new ConfigInvalid(`${meta.className} has no column for the property "${property}"`)
  }
  return {
    name: identifier(...names),
    quoted: names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.'),
    column: (property) => identifier(columnName(property)),
    columnName,
  }
}

function metadataOf(orm: MikroORM, key: string, entity: EntityClass<unknown> | undefined): EntityMetadata {
  const meta = entity === undefined ? undefined : orm.getMetadata().find(entity)
  if (meta === undefined) {
    throw new ConfigInvalid(
      `entities.${key} is missing, or not among the entities of the MikroORM configuration`,
    )
  }
  return meta
}

function schemaOf(meta: EntityMetadata): string[] {
  return meta.schema === undefined || meta.schema === '*' ? [] : [meta.schema]
}

function columnOf(meta: EntityMetadata, property: string): string | undefined {
  return Object.values(meta.properties).find((each) => each.name === property)?.fieldNames?.[0]
}

function idTypeOf(user: EntityMetadata): 'uuid' | 'bigint' {
  const type = Object.values(user.properties).find((each) => each.name === 'id')?.columnTypes?.[0]
  if (type === 'uuid' || type === 'bigint') return type
  throw new ConfigInvalid(`${user.className}.id must be made by uuidKey() or bigintKey()`)
}
