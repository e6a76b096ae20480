import type { CanonicalEmail } from '@sigra/core'
import { recordAuditEvent } from '../audit/record-audit-event.ts'
import { DatabaseUnavailable } from '../database/database-unavailable.ts'
import { type Sql, sql } from '../database/sql.ts'
import { databaseNow, inTransaction, statement, type Transaction } from '../database/transaction.ts'
import { BY_THE_RUN } from '../deletion/by-the-run.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { enqueueNotice } from '../mail/enqueue-mail.ts'
import type { Runtime } from '../runtime.ts'
import { recordOf } from './domain-record.ts'
import { createTxtLookup, type LookUpTxt } from './look-up-txt.ts'
import { requireOrganizations } from './require-organizations.ts'

/** What one run came to. */
export interface DomainChecks {
  checked: number
  verified: number
  lost: number
}

interface RunOptions {
  /** @default the DNS of the machine */
  lookUpTxt?: LookUpTxt
  /** @default 50 */
  domainsPerRun?: number
}

/** As it was when the DNS was asked about it. */
interface LookedUp {
  id: string
  domain: string
  challenge: string
  organizationId: string
}

const DOMAINS_PER_RUN = 50
const AT_ONCE = 10
/** How many checks in a row may fail before a proven domain counts as lost. */
const FAILURES = 3
const CLAIMED = '23505'

/**
 * Asks the DNS about domains: soon after they were added and less often the longer they wait, and of those that are proven once
 * a week whether they still are; after a failure the next day. What is written is about the row as it was looked up: one
 * that was removed or added anew meanwhile is not proven by it. A domain is one organization's; who proves it first has it.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const checkDomains = defineFlow(
  {
    name: 'checkDomains',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    { lookUpTxt = createTxtLookup(), domainsPerRun = DOMAINS_PER_RUN }: RunOptions = {},
  ): Promise<DomainChecks> => {
    const due = await statement<LookedUp>(runtime, dueDomains(runtime, domainsPerRun))
    const done = { checked: due.length, verified: 0, lost: 0 }
    for (let start = 0; start < due.length; start += AT_ONCE) {
      const some = due.slice(start, start + AT_ONCE)
      for (const result of await Promise.all(some.map((each) => check(runtime, lookUpTxt, each))))
        if (result !== 'same') done[result]++
    }
    return done
  },
)

function dueDomains(runtime: Runtime, limit: number): Sql {
  const { domain, organization } = requireOrganizations(runtime).tables
  const now = databaseNow(runtime)
  const wait = sql`case
    when d.verified_at is not null and d.failures = 0 then interval '7 days'
    when d.verified_at is not null then interval '1 day'
    else least(greatest(interval '4 minutes', (t.now - d.created_at) / 10), interval '1 day') end`
  return sql`
    select d.id::text as id, d.domain, d.challenge, o.id::text as "organizationId"
    from ${domain.name} d join ${organization.name} o on o.id = d.organization_id, (select ${now} as now) t
    where o.delete_after is null and (d.checked_at is null or d.checked_at <= t.now - ${wait})
    order by d.checked_at nulls first limit ${limit}`
}

async function check(
  runtime: Runtime,
  lookUpTxt: LookUpTxt,
  asked: LookedUp,
): Promise<'verified' | 'lost' | 'same'> {
  const { name, value } = recordOf(asked)
  const isThere = await lookUpTxt(name).then(
    (texts) => texts.includes(value),
    () => false, // there is none, or nobody answers
  )
  try {
    return await inTransaction(runtime, (tx) => (isThere ? confirm(tx, asked) : miss(tx, asked)))
  } catch (error) {
    if (error instanceof DatabaseUnavailable || !isClaimed(error)) throw error
    return inTransaction(runtime, (tx) => miss(tx, asked)) // another one proved it at this very moment
  }
}

/** Whether a row `d` is what the DNS was asked about. */
function isAsked({ id, domain, challenge }: LookedUp): Sql {
  return sql`(d.id::text = ${id} and d.domain = ${domain} and d.challenge = ${challenge})`
}

async function confirm(tx: Transaction, asked: LookedUp): Promise<'verified' | 'same'> {
  const { tables } = requireOrganizations(tx.runtime)
  const isOthers = sql`exists (
    select from ${tables.domain.name} x where x.domain = d.domain and x.id <> d.id and x.verified_at is not null)`
  const [row] = await tx.rows<{ isNew: boolean }>(sql`
    update ${tables.domain.name} d set verified_at = coalesce(d.verified_at, ${tx.now}), checked_at = ${tx.now}, failures = 0
    from (select b.id, b.verified_at is null as is_new from ${tables.domain.name} b where b.id::text = ${asked.id} for update) before
    where before.id = d.id and ${isAsked(asked)} and not ${isOthers}
    returning before.is_new as "isNew"`)
  if (row === undefined) return miss(tx, asked).then(() => 'same')
  if (!row.isNew) return 'same'
  await record(tx, 'domain.verified', asked, null)
  return 'verified'
}

async function miss(tx: Transaction, asked: LookedUp): Promise<'lost' | 'same'> {
  const { tables } = requireOrganizations(tx.runtime)
  const isLost = sql`(d.verified_at is not null and d.failures + 1 >= ${FAILURES})`
  const [row] = await tx.rows<{ isLost: boolean }>(sql`
    update ${tables.domain.name} d set checked_at = ${tx.now}, failures = least(d.failures + 1, 1000),
      verified_at = case when ${isLost} then null else d.verified_at end
    from (select b.id, b.verified_at from ${tables.domain.name} b where b.id::text = ${asked.id} for update) before
    where before.id = d.id and ${isAsked(asked)}
    returning before.verified_at is not null and d.verified_at is null as "isLost"`)
  if (!row?.isLost) return 'same'
  await tellOwners(tx, asked)
  return 'lost'
}

async function record(
  tx: Transaction,
  action: 'domain.verified' | 'domain.lost',
  { id, domain, organizationId }: LookedUp,
  subjectId: string | null,
): Promise<string> {
  return recordAuditEvent(tx, BY_THE_RUN, {
    action,
    outcome: 'success',
    actorId: null,
    subjectId,
    targetId: id,
    organizationId,
    metadata: { domain },
  })
}

/** A notice is about a line of its reader's, so that each owner has one. */
async function tellOwners(tx: Transaction, asked: LookedUp): Promise<void> {
  const { tables, roles } = requireOrganizations(tx.runtime)
  const owners = await tx.rows<{ id: string; address: CanonicalEmail }>(sql`
    select u.id::text as id, u.email_canonical as address
    from ${tables.membership.name} m join ${tx.tables.user.name} u on u.id = m.user_id
    where m.organization_id::text = ${asked.organizationId} and m.role = ${roles.owner} order by u.id`)
  for (const { id, address } of owners) {
    const eventId = await record(tx, 'domain.lost', asked, id)
    await enqueueNotice(tx, 'domainLost', { address, eventId })
  }
}

function isClaimed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === CLAIMED
}
