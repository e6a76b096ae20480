import { defineEntity, p } from '@mikro-orm/core'
import { userConsentProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserConsentSchema = defineEntity({
  name: 'UserConsent',
  tableName: 'user_consents',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userConsentProperties,
  },
  uniques: [{ properties: ['user', 'document', 'version'] }],
})

/** A version of a document that a person accepted. */
export class UserConsent extends UserConsentSchema.class {}

UserConsentSchema.setClass(UserConsent)
