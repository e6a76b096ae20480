import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userTokenProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userTokenProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserTokenSchema = defineEntity({
  name: 'UserToken',
  tableName: 'users_tokens',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userTokenProperties,
  },
  uniques: [{ properties: ['purpose', 'tokenHash'] }],
  indexes: [{ properties: ['user', 'purpose'] }],
})

/** One link or code that was mailed. Works once, for as long as it says. */
export class UserToken extends UserTokenSchema.class {}

UserTokenSchema.setClass(UserToken)
