import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userBackupCodeProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userBackupCodeProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserBackupCodeSchema = defineEntity({
  name: 'UserBackupCode',
  tableName: 'user_backup_codes',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userBackupCodeProperties,
  },
  indexes: [{ properties: ['user', 'lookupPrefix'] }],
})

/** One of the codes somebody keeps for the day the phone is lost. Works once. */
export class UserBackupCode extends UserBackupCodeSchema.class {}

UserBackupCodeSchema.setClass(UserBackupCode)
