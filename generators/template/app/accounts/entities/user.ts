import { defineEntity } from '@mikro-orm/core'
// sigra:if id=uuid
import { scheduledForDeletion, userProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, scheduledForDeletion, userProperties } from '@sigra/remix/schema'
// sigra:end

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    ...userProperties, // email, hashedPassword, confirmedAt …: they change with the library
    // Columns of your own go here, with `p` from @mikro-orm/core: displayName: p.string().length(100).nullable(),
  },
  indexes: [{ properties: ['deleteAfter'], where: scheduledForDeletion }],
})

export class User extends UserSchema.class {}

UserSchema.setClass(User)
