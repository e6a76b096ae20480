import { type CanonicalEmail, createUuidV7, parseEmail } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { newId } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import type { TestRuntime } from './test-runtime.ts'

export interface TestUser {
  id: UserId
  email: string
  canonical: CanonicalEmail
  password: string
}

/** Made once for all who have the same password: where a test runs as in production, each costs forty milliseconds. */
const hashes = new WeakMap<Runtime, Map<string, Promise<string>>>()

function hashOnce(runtime: Runtime, password: string): Promise<string> {
  const known = hashes.get(runtime) ?? new Map<string, Promise<string>>()
  const hash = known.get(password) ?? runtime.hasher.hash(password)
  hashes.set(runtime, known.set(password, hash))
  return hash
}

/** Someone who registered before the test began. */
export async function createTestUser(
  test: Pick<TestRuntime, 'runtime' | 'rows'>,
  user: { email?: string; password?: string; confirmed?: boolean; hashedPassword?: string | null } = {},
): Promise<TestUser> {
  const {
    email = `${createUuidV7(new Date())}@example.com`,
    password = 'correct horse battery',
    confirmed = true,
  } = user
  const address = parseEmail(email)
  if (!address) throw new Error(`not an address: ${email}`)
  const hashed =
    user.hashedPassword === undefined ? await hashOnce(test.runtime, password) : user.hashedPassword
  const [row] = await test.rows<{ id: UserId }>(sql`
    insert into ${test.runtime.tables.user.name}
      (id, email, email_canonical, hashed_password, confirmed_at, created_at)
    values (${newId(idSource(test.runtime), test.runtime.tables.user)}, ${email}, ${address.canonical}, ${hashed},
      case when ${confirmed} then clock_timestamp() end, clock_timestamp())
    returning id::text as id`)
  if (!row) throw new Error('the user was not inserted')
  return { id: row.id, email, canonical: address.canonical, password }
}

function idSource(runtime: Runtime) {
  return { runtime, tables: runtime.tables }
}
