import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { hasSeat, offeringTo } from './domain-offers.ts'
import { requireOrganizations } from './require-organizations.ts'

/** An organization that somebody may join by the domain of their address. */
export interface DomainOffer {
  organizationId: string
  name: string
  /** The domain that says so. */
  domain: string
}

/**
 * Organizations that the signed-in user may join by the domain of their proven address; none for strangers. Those without a
 * seat are not among them.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listDomainOffers = defineFlow(
  {
    name: 'listDomainOffers',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, { session }: Caller): Promise<DomainOffer[]> => {
    const { tables } = requireOrganizations(runtime)
    if (session?.awaiting !== null) return []
    const { from, where } = offeringTo(tables)
    return statement(
      runtime,
      sql`
      select o.id::text as "organizationId", o.name, d.domain
      from ${from} join ${runtime.tables.user.name} u on u.id = ${session.userId}
      where ${where} and ${hasSeat(tables)} order by lower(o.name), o.id`,
    )
  },
)
