import { defineEntity, p } from '@mikro-orm/core'
// sigra:if id=uuid
import { userKnownBrowserProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userKnownBrowserProperties } from '@sigra/remix/schema'
// sigra:end
import { User } from './user.ts'

const UserKnownBrowserSchema = defineEntity({
  name: 'UserKnownBrowser',
  tableName: 'user_known_browsers',
  properties: {
    // sigra:if id=uuid
    id: uuidKey(),
    // sigra:else
    // sigra:+ id: bigintKey(),
    // sigra:end
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userKnownBrowserProperties,
  },
  uniques: [{ properties: ['user', 'browserHash'] }],
})

/** A browser this account signed in from before: strangers' guesses do not lock it out. */
export class UserKnownBrowser extends UserKnownBrowserSchema.class {}

UserKnownBrowserSchema.setClass(UserKnownBrowser)
