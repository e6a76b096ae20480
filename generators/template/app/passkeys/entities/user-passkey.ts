// sigra:file passkeys
import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userPasskeyProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userPasskeyProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from '../../accounts/entities/user.ts'

const UserPasskeySchema = defineEntity({
  name: 'UserPasskey',
  tableName: 'user_passkeys',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userPasskeyProperties,
  },
  indexes: [{ properties: ['user'] }],
})

/** A passkey: its public half. The private one never leaves its owner's device. */
export class UserPasskey extends UserPasskeySchema.class {}

UserPasskeySchema.setClass(UserPasskey)
