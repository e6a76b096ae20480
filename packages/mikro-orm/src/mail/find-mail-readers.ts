import { identifier, join, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { parseLocale } from '../locale.ts'
import type { Runtime } from '../runtime.ts'
import type { MailPayload } from './mail-payload.ts'
import { toMailText } from './mail-text.ts'

/** Who reads a mail, as far as its words depend on it. */
export interface MailReader {
  /** The language of the mail, as a language tag. */
  locale: string
  /**
   * The columns `mailUser` names; `null` before the address is confirmed, when a stranger may have typed them. Text is
   * one line, and `null` where a mail client would make a link of it.
   */
  user: Readonly<Record<string, unknown>> | null
}

type ReaderRow = Record<`host.${string}`, unknown> & {
  address: string
  locale: unknown
  isConfirmed: boolean
}

/**
 * Finds out for whom mails are to be written, from the account alone: who asks for a mail chooses nothing in it. One
 * statement for all of them, and none in an app that lists no column.
 *
 * @returns In the order of the mails.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const findMailReaders = defineFlow(
  {
    name: 'findMailReaders',
    principal: 'worker',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, mails: readonly MailPayload[]): Promise<MailReader[]> => {
    const rows = new Map((await findRows(runtime, mails)).map((row) => [row.address, row]))
    return mails.map(({ address }) => describeReader(runtime, rows.get(address)))
  },
)

async function findRows(runtime: Runtime, mails: readonly MailPayload[]): Promise<ReaderRow[]> {
  const { mailUser, localeColumn, tables } = runtime
  if (mailUser.length === 0 && localeColumn === null) return []
  const columns = mailUser.map(
    ({ property, column }) => sql`, u.${identifier(column)} as ${identifier(`host.${property}`)}`,
  )
  return statement<ReaderRow>(
    runtime,
    sql`
    select u.email_canonical as address, u.confirmed_at is not null as "isConfirmed",
      ${localeColumn === null ? sql`null` : sql`u.${localeColumn}`} as locale ${join(columns, sql``)}
    from ${tables.user.name} u where u.email_canonical = any(${mails.map(({ address }) => address)}::varchar[])`,
  )
}

function describeReader({ mailUser, defaultLocale }: Runtime, row: ReaderRow | undefined): MailReader {
  const locale = parseLocale(row?.locale) ?? defaultLocale
  if (!row?.isConfirmed) return { locale, user: null }
  const fields = mailUser.map(({ property, read }) => [property, describe(read(row[`host.${property}`]))])
  return { locale, user: Object.fromEntries(fields) }
}

function describe(value: unknown): unknown {
  return typeof value === 'string' ? toMailText(value) : value
}
