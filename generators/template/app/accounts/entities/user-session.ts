import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userSessionProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userSessionProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserSessionSchema = defineEntity({
  name: 'UserSession',
  tableName: 'user_sessions',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userSessionProperties,
    impersonatorSession: () => p.manyToOne(UserSession).nullable().index().deleteRule('cascade'),
  },
  indexes: [{ properties: ['user', 'lastSeenAt'] }],
})

/** One signed-in browser. Holds the hash of its cookie, never the cookie. */
export class UserSession extends UserSessionSchema.class {}

UserSessionSchema.setClass(UserSession)
