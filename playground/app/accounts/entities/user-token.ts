import { defineEntity, p } from '@mikro-orm/core'
import { userTokenProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserTokenSchema = defineEntity({
  name: 'UserToken',
  tableName: 'users_tokens',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userTokenProperties,
  },
  uniques: [{ properties: ['purpose', 'tokenHash'] }],
  indexes: [{ properties: ['user', 'purpose'] }],
})

/** One link or code that was mailed. Works once, for as long as it says. */
export class UserToken extends UserTokenSchema.class {}

UserTokenSchema.setClass(UserToken)
