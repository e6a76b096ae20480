import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userConsentProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userConsentProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserConsentSchema = defineEntity({
  name: 'UserConsent',
  tableName: 'user_consents',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userConsentProperties,
  },
  uniques: [{ properties: ['user', 'document', 'version'] }],
})

/** A version of a document that a person accepted. */
export class UserConsent extends UserConsentSchema.class {}

UserConsentSchema.setClass(UserConsent)
