import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userTotpProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userTotpProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserTotpSchema = defineEntity({
  name: 'UserTotp',
  tableName: 'user_totp',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userTotpProperties,
  },
  uniques: [{ properties: ['user'] }],
})

/** An authenticator app. It counts from the first code typed on. */
export class UserTotp extends UserTotpSchema.class {}

UserTotpSchema.setClass(UserTotp)
