import { defineEntity, p } from '@mikro-orm/core'
import { pendingEmailChange, userEmailChangeProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserEmailChangeSchema = defineEntity({
  name: 'UserEmailChange',
  tableName: 'user_email_changes',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userEmailChangeProperties,
  },
  uniques: [{ properties: ['user'], where: pendingEmailChange }],
  indexes: [{ properties: ['user', 'requestedAt'] }],
})

/** One change of an address: asked for, confirmed or cancelled, and perhaps undone. */
export class UserEmailChange extends UserEmailChangeSchema.class {}

UserEmailChangeSchema.setClass(UserEmailChange)
