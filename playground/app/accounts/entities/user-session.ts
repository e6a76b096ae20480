import { defineEntity, p } from '@mikro-orm/core'
import { userSessionProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserSessionSchema = defineEntity({
  name: 'UserSession',
  tableName: 'user_sessions',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userSessionProperties,
    impersonatorSession: () => p.manyToOne(UserSession).nullable().index().deleteRule('cascade'),
  },
  indexes: [{ properties: ['user', 'lastSeenAt'] }],
})

/** One signed-in browser. Holds the hash of its cookie, never the cookie. */
export class UserSession extends UserSessionSchema.class {}

UserSessionSchema.setClass(UserSession)
