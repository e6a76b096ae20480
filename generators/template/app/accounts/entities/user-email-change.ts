import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { pendingEmailChange, userEmailChangeProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, pendingEmailChange, userEmailChangeProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserEmailChangeSchema = defineEntity({
  name: 'UserEmailChange',
  tableName: 'user_email_changes',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userEmailChangeProperties,
  },
  uniques: [{ properties: ['user'], where: pendingEmailChange }],
  indexes: [{ properties: ['user', 'requestedAt'] }],
})

/** One change of an address: asked for, confirmed or cancelled, and perhaps undone. */
export class UserEmailChange extends UserEmailChangeSchema.class {}

UserEmailChangeSchema.setClass(UserEmailChange)
