import { defineEntity, p } from '@mikro-orm/core'
import {
  auditEventProperties,
  bigintKey,
  limitProperties,
  pendingEmailChange,
  ofOrganization,
  scheduledForDeletion,
  userAddressHoldProperties,
  userBackupCodeProperties,
  userConsentProperties,
  userEmailChangeProperties,
  userKnownBrowserProperties,
  userProperties,
  userSessionProperties,
  userTokenProperties,
  userTotpProperties,
  uuidKey,
  workerHeartbeatProperties,
} from '../schema/index.ts'
import type { Entities } from '../tables.ts'

/** A host's entities of accounts, made of the bundles, with two columns of its own; with either kind of key. */
export function createTestEntities(idType: 'uuid' | 'bigint'): Entities {
  const id = () => ({ id: idType === 'uuid' ? uuidKey() : bigintKey() })

  const UserSchema = defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {
      ...id(),
      ...userProperties,
      displayName: p.string().length(100).nullable(),
      locale: p.string().length(35).nullable(),
    },
    indexes: [{ properties: ['deleteAfter'], where: scheduledForDeletion }],
  })
  class User extends UserSchema.class {}
  UserSchema.setClass(User)

  const UserSessionSchema = defineEntity({
    name: 'UserSession',
    tableName: 'user_sessions',
    properties: {
      ...id(),
      user: () => p.manyToOne(User).deleteRule('cascade'),
      ...userSessionProperties,
      impersonatorSession: () => p.manyToOne(UserSession).nullable().index().deleteRule('cascade'),
    },
    indexes: [{ properties: ['user', 'lastSeenAt'] }],
  })
  class UserSession extends UserSessionSchema.class {}
  UserSessionSchema.setClass(UserSession)

  const UserTokenSchema = defineEntity({
    name: 'UserToken',
    tableName: 'users_tokens',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userTokenProperties },
    uniques: [{ properties: ['purpose', 'tokenHash'] }],
    indexes: [{ properties: ['user', 'purpose'] }],
  })
  class UserToken extends UserTokenSchema.class {}
  UserTokenSchema.setClass(UserToken)

  const UserKnownBrowserSchema = defineEntity({
    name: 'UserKnownBrowser',
    tableName: 'user_known_browsers',
    properties: {
      ...id(),
      user: () => p.manyToOne(User).deleteRule('cascade'),
      ...userKnownBrowserProperties,
    },
    uniques: [{ properties: ['user', 'browserHash'] }],
  })
  class UserKnownBrowser extends UserKnownBrowserSchema.class {}
  UserKnownBrowserSchema.setClass(UserKnownBrowser)

  const UserTotpSchema = defineEntity({
    name: 'UserTotp',
    tableName: 'user_totp',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userTotpProperties },
    uniques: [{ properties: ['user'] }],
  })
  class UserTotp extends UserTotpSchema.class {}
  UserTotpSchema.setClass(UserTotp)

  const UserBackupCodeSchema = defineEntity({
    name: 'UserBackupCode',
    tableName: 'user_backup_codes',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userBackupCodeProperties },
    indexes: [{ properties: ['user', 'lookupPrefix'] }],
  })
  class UserBackupCode extends UserBackupCodeSchema.class {}
  UserBackupCodeSchema.setClass(UserBackupCode)

  const UserEmailChangeSchema = defineEntity({
    name: 'UserEmailChange',
    tableName: 'user_email_changes',
    properties: {
      ...id(),
      user: () => p.manyToOne(User).deleteRule('cascade'),
      ...userEmailChangeProperties,
    },
    uniques: [{ properties: ['user'], where: pendingEmailChange }],
    indexes: [{ properties: ['user', 'requestedAt'] }],
  })
  class UserEmailChange extends UserEmailChangeSchema.class {}
  UserEmailChangeSchema.setClass(UserEmailChange)

  const UserAddressHoldSchema = defineEntity({
    name: 'UserAddressHold',
    tableName: 'user_address_holds',
    properties: {
      ...userAddressHoldProperties,
      user: () => p.manyToOne(User).nullable().index().deleteRule('set null'),
    },
  })
  class UserAddressHold extends UserAddressHoldSchema.class {}
  UserAddressHoldSchema.setClass(UserAddressHold)

  const UserConsentSchema = defineEntity({
    name: 'UserConsent',
    tableName: 'user_consents',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userConsentProperties },
    uniques: [{ properties: ['user', 'document', 'version'] }],
  })
  class UserConsent extends UserConsentSchema.class {}
  UserConsentSchema.setClass(UserConsent)

  const AuditEventSchema = defineEntity({
    name: 'AuditEvent',
    tableName: 'audit_events',
    properties: auditEventProperties,
    indexes: [
      { properties: ['actorId', 'occurredAt'] },
      { properties: ['subjectId', 'occurredAt'] },
      { properties: ['action', 'occurredAt'] },
      { properties: ['occurredAt', 'id'] },
      { properties: ['organizationId', 'occurredAt', 'id'], where: ofOrganization },
    ],
  })
  class AuditEvent extends AuditEventSchema.class {}
  AuditEventSchema.setClass(AuditEvent)

  const LimitSchema = defineEntity({
    name: 'SigraLimit',
    tableName: 'sigra_limits',
    properties: limitProperties,
  })
  class SigraLimit extends LimitSchema.class {}
  LimitSchema.setClass(SigraLimit)

  const WorkerSchema = defineEntity({
    name: 'SigraWorker',
    tableName: 'sigra_workers',
    properties: workerHeartbeatProperties,
  })
  class SigraWorker extends WorkerSchema.class {}
  WorkerSchema.setClass(SigraWorker)

  return {
    User,
    UserSession,
    UserToken,
    UserKnownBrowser,
    UserTotp,
    UserBackupCode,
    UserEmailChange,
    UserAddressHold,
    UserConsent,
    AuditEvent,
    Limit: SigraLimit,
    WorkerHeartbeat: SigraWorker,
  }
}
