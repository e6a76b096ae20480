import { defineEntity, p } from '@mikro-orm/core'
import { userAddressHoldProperties } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserAddressHoldSchema = defineEntity({
  name: 'UserAddressHold',
  tableName: 'user_address_holds',
  properties: {
    user: () => p.manyToOne(User).nullable().index().deleteRule('set null'),
    ...userAddressHoldProperties,
  },
})

/** An address that nobody else may have for a while. It is stored as a digest. */
export class UserAddressHold extends UserAddressHoldSchema.class {}

UserAddressHoldSchema.setClass(UserAddressHold)
