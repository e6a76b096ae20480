import { defineEntity, p } from '@mikro-orm/core'
import { userBackupCodeProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserBackupCodeSchema = defineEntity({
  name: 'UserBackupCode',
  tableName: 'user_backup_codes',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userBackupCodeProperties,
  },
  indexes: [{ properties: ['user', 'lookupPrefix'] }],
})

/** One of the codes somebody keeps for the day the phone is lost. Works once. */
export class UserBackupCode extends UserBackupCodeSchema.class {}

UserBackupCodeSchema.setClass(UserBackupCode)
