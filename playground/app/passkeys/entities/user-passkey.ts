import { defineEntity, p } from '@mikro-orm/core'
import { userPasskeyProperties, uuidKey } from '@sigra/remix/schema'
import { User } from '../../accounts/entities/user.ts'

const UserPasskeySchema = defineEntity({
  name: 'UserPasskey',
  tableName: 'user_passkeys',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userPasskeyProperties,
  },
  indexes: [{ properties: ['user'] }],
})

/** A passkey: its public half. The private one never leaves its owner's device. */
export class UserPasskey extends UserPasskeySchema.class {}

UserPasskeySchema.setClass(UserPasskey)
