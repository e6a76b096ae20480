import { parseEmail } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'

/**
 * Reads the domain of email addresses, as those of accounts have it: in lower case and as A-labels.
 *
 * @returns `null` for what no address can have.
 */
export function parseEmailDomain(typed: unknown): string | null {
  if (typeof typed !== 'string') return null
  return parseEmail(`a@${typed.trim().replace(/^@/, '')}`)?.canonical.slice('a@'.length) ?? null
}

/** Of an address in its canonical form: exact, `example.com` says nothing about `mail.example.com`. */
export function domainOf(address: Sql): Sql {
  return sql`split_part(${address}, '@', 2)`
}
