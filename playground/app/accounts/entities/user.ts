import { defineEntity } from '@mikro-orm/core'
import { scheduledForDeletion, userProperties, uuidKey } from '@sigra/remix/schema'

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: uuidKey(),
    ...userProperties, // email, hashedPassword, confirmedAt …: they change with the library
    // Columns of your own go here, with `p` from @mikro-orm/core: displayName: p.string().length(100).nullable(),
  },
  indexes: [{ properties: ['deleteAfter'], where: scheduledForDeletion }],
})

export class User extends UserSchema.class {}

UserSchema.setClass(User)
