import { ConfigInvalid } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Where demo users live. No mail reaches a domain under `.example` (RFC 2606), so only a seed can have confirmed one:
 * a visitor who registers such an address stays unconfirmed and stops no start.
 */
export const SEED_DOMAIN = 'seed.example'

/** What is known of a runtime's database; asked once, or until it answers. */
interface StartCheck {
  asking: Promise<void> | null
  askedAt: number
  answered: boolean
  refusal: ConfigInvalid | null
}

interface StartRow {
  hasSeedUsers: boolean
  isolation: string
  ownsAuditLog: boolean
  isUnencrypted: boolean
}

// One machine, one private network, one tunnel: whether anybody can read along there cannot be told from here.
const PRIVATE_NETWORKS =
  '{127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,100.64.0.0/10,::1,fc00::/7,fe80::/10}'

const PATIENCE_MILLISECONDS = 5_000 // a start waits no longer for a database that hangs
const RETRY_MILLISECONDS = 10_000

const checks = new WeakMap<Runtime, StartCheck>()

/**
 * Asks what only the database of a production app can tell: refuses demo users, whose passwords are public, and
 * another isolation than `read committed`; says so when the role of the app could change its own audit log, or the connection comes over a public network without
 * TLS. A database that is away stops no start: it is asked again by `requireStart`.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when there are demo users, or transactions begin with another isolation.
 */
export const checkStart = defineFlow(
  {
    name: 'checkStart',
    principal: 'operator',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime): Promise<void> => {
    if (!runtime.production) return
    const check = checkOf(runtime)
    if (!check.answered) await atMost(PATIENCE_MILLISECONDS, ask(runtime, check))
    if (check.refusal) throw check.refusal
  },
)

/**
 * Lets nothing pass that a start should have refused. Never waits: where the database has not answered yet it is asked
 * aside.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` once a reason to refuse was found.
 */
export function requireStart(runtime: Runtime, retryMilliseconds = RETRY_MILLISECONDS): void {
  if (!runtime.production) return
  const check = checkOf(runtime)
  if (check.refusal) throw check.refusal
  if (!check.answered && performance.now() - check.askedAt >= retryMilliseconds) void ask(runtime, check)
}

function checkOf(runtime: Runtime): StartCheck {
  const known = checks.get(runtime)
  if (known) return known
  const check: StartCheck = { asking: null, askedAt: -Infinity, answered: false, refusal: null }
  checks.set(runtime, check)
  return check
}

/** Never rejects. Calls at the same time share one statement. */
function ask(runtime: Runtime, check: StartCheck): Promise<void> {
  check.askedAt = performance.now()
  check.asking ??= readStart(runtime)
    .then((row) => decide(runtime, check, row))
    .catch((error: unknown) => {
      runtime.logger.warn('sigra.start_unchecked', { error: error instanceof Error ? error.name : 'unknown' })
    })
    .finally(() => {
      check.asking = null
    })
  return check.asking
}

async function readStart(runtime: Runtime): Promise<StartRow | undefined> {
  const { user, auditEvent } = runtime.tables
  const [row] = await statement<StartRow>(
    runtime,
    sql`select
      exists (
        select from ${user.name} where confirmed_at is not null and email_canonical like ${`%@${SEED_DOMAIN}`}
      ) as "hasSeedUsers",
      current_setting('default_transaction_isolation') as isolation,
      coalesce((
        select pg_has_role(current_user, relowner, 'member') from pg_class
        where oid = to_regclass(${auditEvent.quoted})
      ), false) as "ownsAuditLog",
      coalesce((
        select not ssl and not inet_client_addr() <<= any(${PRIVATE_NETWORKS}::inet[])
        from pg_stat_ssl where pid = pg_backend_pid()
      ), false) as "isUnencrypted"`,
  )
  return row
}

function decide(runtime: Runtime, check: StartCheck, row: StartRow | undefined): void {
  check.answered = true
  if (row?.ownsAuditLog) {
    runtime.logger.warn('sigra.audit_log_unprotected', {
      message:
        'The role in DATABASE_URL owns the audit log, so anyone with that role can change it. ' +
        'Let another role own the tables, and put it in DATABASE_OWNER_URL.',
    })
  }
  if (row?.isUnencrypted) {
    runtime.logger.warn('sigra.database_unencrypted', {
      message:
        'The connection to DATABASE_URL crosses a public network without TLS: anyone on the way can read and change ' +
        'everything. Add ?sslmode=verify-full to it, and make sure that mikro-orm.config.ts has ' +
        'driverOptions: databaseTls(process.env.DATABASE_URL); without it MikroORM ignores sslmode.',
    })
  }
  const refusal = row === undefined ? null : findRefusal(row)
  if (refusal === null) return
  check.refusal = new ConfigInvalid(refusal)
  runtime.logger.error('sigra.start_refused', { message: refusal })
}

function findRefusal({ hasSeedUsers, isolation }: StartRow): string | null {
  if (hasSeedUsers)
    return `The database holds confirmed users of ${SEED_DOMAIN}, whose passwords everybody knows: delete them before production starts`
  // A lone statement has no other: what waited for a row would fail instead of looking at it again.
  if (isolation !== 'read committed')
    return (
      `The database, or the role in DATABASE_URL, has default_transaction_isolation = '${isolation}'; Sigra needs 'read committed'. ` +
      "Set it: alter role … set default_transaction_isolation = 'read committed'. Transactions of your own can ask for another level"
    )
  return null
}

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, milliseconds)
  await Promise.race([work, patience.promise])
  clearTimeout(timer)
}
