import type { EntityManager } from '@mikro-orm/postgresql'
import type { ProviderAnswer, ProviderProfile } from '@sigra/core'
import type { UserId } from '../user-id.ts'

/** What whoever registers by a provider gets beside an account. */
export interface ProviderRegistration {
  /** Host columns of the new user, by property. */
  fields?: Readonly<Record<string, unknown>>
  /** Further rows of the same transaction. Throwing undoes the registration. */
  inTransaction?: (em: EntityManager, user: { id: UserId; email: string }) => Promise<void> | void
}

/** Somebody has come back from a provider with an answer that holds. */
export interface ComingBack {
  attemptId: string
  provider: string
  answer: ProviderAnswer
  redirectTo: string | null
  remembered: boolean
  register: (profile: ProviderProfile) => ProviderRegistration
}
