import { defineEntity, p } from '@mikro-orm/core'
import {
  auditEventProperties,
  bigintKey,
  limitProperties,
  userKnownBrowserProperties,
  userProperties,
  userSessionProperties,
  userTokenProperties,
  uuidKey,
  workerHeartbeatProperties,
} from '../schema/index.ts'
import type { Entities } from '../tables.ts'

/** A host's entities made of the bundles, with one column of its own; with either kind of key. */
export function createTestEntities(idType: 'uuid' | 'bigint'): Entities {
  // One type for both: a host has one of them, and its shape in TypeScript is not what is tested here.
  const id = (): { id: ReturnType<typeof uuidKey> } =>
    idType === 'uuid' ? { id: uuidKey() } : { id: bigintKey() as unknown as ReturnType<typeof uuidKey> }

  const UserSchema = defineEntity({
    name: 'User',
    tableName: 'users',
    properties: { ...id(), ...userProperties, displayName: p.string().length(100).nullable() },
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
    },
    indexes: [{ properties: ['user', 'lastSeenAt'] }],
  })
  class UserSession extends UserSessionSchema.class {}
  UserSessionSchema.setClass(UserSession)

  const UserTokenSchema = defineEntity({
    name: 'UserToken',
    tableName: 'users_tokens',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userTokenProperties },
    uniques: [{ properties: ['context', 'tokenHash'] }],
    indexes: [{ properties: ['user', 'context'] }],
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

  const AuditEventSchema = defineEntity({
    name: 'AuditEvent',
    tableName: 'audit_events',
    properties: auditEventProperties,
    indexes: [
      { properties: ['actorId', 'occurredAt'] },
      { properties: ['subjectId', 'occurredAt'] },
      { properties: ['action', 'occurredAt'] },
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
    AuditEvent,
    Limit: SigraLimit,
    WorkerHeartbeat: SigraWorker,
  }
}
