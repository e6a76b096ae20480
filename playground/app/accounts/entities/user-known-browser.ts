import { defineEntity, p } from '@mikro-orm/core'
import { userKnownBrowserProperties, uuidKey } from '@sigra/remix/schema'
import { User } from './user.ts'

const UserKnownBrowserSchema = defineEntity({
  name: 'UserKnownBrowser',
  tableName: 'user_known_browsers',
  properties: {
    id: uuidKey(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    ...userKnownBrowserProperties,
  },
  uniques: [{ properties: ['user', 'browserHash'] }],
})

/** A browser this account signed in from before: strangers' guesses do not lock it out. */
export class UserKnownBrowser extends UserKnownBrowserSchema.class {}

UserKnownBrowserSchema.setClass(UserKnownBrowser)
