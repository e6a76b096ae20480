import type { EntityClass, EntityMetadata } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { identifier, type Sql } from './database/sql.ts'
import {
  type Bundle,
  type Column,
  keyOfUser,
  metadataOf,
  ownedByUser,
  readTable,
  schemaOf,
  type Table,
} from './read-table.ts'
import { auditEventProperties } from './schema/audit-event.ts'
import { limitProperties } from './schema/limit.ts'
import { userAddressHoldProperties } from './schema/user-address-hold.ts'
import { userBackupCodeProperties } from './schema/user-backup-code.ts'
import { userConsentProperties } from './schema/user-consent.ts'
import { userEmailChangeProperties } from './schema/user-email-change.ts'
import { userKnownBrowserProperties } from './schema/user-known-browser.ts'
import { userProperties } from './schema/user.ts'
import { userSessionProperties } from './schema/user-session.ts'
import { userTokenProperties } from './schema/user-token.ts'
import { userTotpProperties } from './schema/user-totp.ts'
import { workerHeartbeatProperties } from './schema/worker-heartbeat.ts'

/** A host's column that sessions, mails or exports carry. */
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
  UserEmailChange: EntityClass<unknown>
  UserAddressHold: EntityClass<unknown>
  UserConsent: EntityClass<unknown>
  AuditEvent: EntityClass<unknown>
  Limit: EntityClass<unknown>
  WorkerHeartbeat: EntityClass<unknown>
}

export interface Tables {
  user: Table
  userSession: Table
  userToken: Table
  userKnownBrowser: Table
  userTotp: Table
  userBackupCode: Table
  userEmailChange: Table
  userAddressHold: Table
  userConsent: Table
  auditEvent: Table
  limit: Table
  worker: Table
  /** Every column the library reads or writes, by its table's quoted name. */
  columns: readonly Column[]
  /** The function of `auditProtectionSql` that removes old audit rows. */
  auditRetention: Sql
  idType: 'uuid' | 'bigint'
}

/** The entity declares it itself: its type is that of its keys. */
const impersonated = { impersonatorSession: { '~options': { fieldName: 'impersonator_session_id' } } }

/**
 * Reads table and column names from the host's metadata, once.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first entity or column that is missing.
 */
export function readTables(orm: MikroORM, entities: Entities): Tables {
  const columns: Column[] = []
  const asked = (key: keyof Entities) => ({ orm, option: `entities.${key}`, entity: entities[key] })
  const table = (key: keyof Entities, bundle: Bundle) => readTable(asked(key), bundle, columns)
  const user = table('User', { ...userProperties, id: keyOfUser })
  const audit = metadataOf(asked('AuditEvent'))
  return {
    user,
    userSession: table('UserSession', { ...userSessionProperties, ...ownedByUser, ...impersonated }),
    userToken: table('UserToken', { ...userTokenProperties, ...ownedByUser }),
    userKnownBrowser: table('UserKnownBrowser', { ...userKnownBrowserProperties, ...ownedByUser }),
    userTotp: table('UserTotp', { ...userTotpProperties, ...ownedByUser }),
    userBackupCode: table('UserBackupCode', { ...userBackupCodeProperties, ...ownedByUser }),
    userEmailChange: table('UserEmailChange', { ...userEmailChangeProperties, ...ownedByUser }),
    userAddressHold: table('UserAddressHold', { ...userAddressHoldProperties, user: ownedByUser.user }),
    userConsent: table('UserConsent', { ...userConsentProperties, ...ownedByUser }),
    auditEvent: table('AuditEvent', auditEventProperties),
    limit: table('Limit', limitProperties),
    worker: table('WorkerHeartbeat', workerHeartbeatProperties),
    columns,
    auditRetention: identifier(...schemaOf(audit), `${audit.tableName}_retain`),
    idType: idTypeOf(metadataOf(asked('User'))),
  }
}

function idTypeOf(user: EntityMetadata): 'uuid' | 'bigint' {
  const type = Object.values(user.properties).find((each) => each.name === 'id')?.columnTypes?.[0]
  if (type === 'uuid' || type === 'bigint') return type
  throw new ConfigInvalid(`${user.className}.id must be made by uuidKey() or bigintKey()`)
}
