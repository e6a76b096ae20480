import { createPersonalSlug, Impossible } from '@sigra/core'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { Hooks } from '../hooks.ts'
import type { UserId } from '../user-id.ts'
import { insertOrganization, type Written } from './insert-organization.ts'

/** What its owner may call otherwise. Pages say it in their own words, as they know that it is a personal one. */
const NAME = 'Personal'

/** Whoever registers gets an organization of their own, in the same transaction. */
export function personalOrganizations(area: Written): Hooks {
  return {
    afterRegistered: (tx, { userId }) => makePersonal(tx, area, userId),
  }
}

/** Makes the one of an account that has none. */
export async function makePersonal(
  tx: TransactionOf<unknown>,
  area: Written,
  ownerId: UserId,
): Promise<void> {
  const slug = createPersonalSlug()
  const made = await insertOrganization(tx, area, { slug, name: NAME, ownerId, isPersonal: true })
  if (made === null) throw new Impossible('two personal organizations have one slug of 51 random bits')
}
