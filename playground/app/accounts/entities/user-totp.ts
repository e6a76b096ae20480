import { defineEntity, p } from '@mikro-orm/core'
import { userTotpProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserTotpSchema = defineEntity({
  name: 'UserTotp',
  tableName: 'user_totp',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userTotpProperties,
  },
  uniques: [{ properties: ['user'] }],
})

/** An authenticator app. It counts from the first code typed on. */
export class UserTotp extends UserTotpSchema.class {}

UserTotpSchema.setClass(UserTotp)
