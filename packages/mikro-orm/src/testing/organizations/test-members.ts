import { createUuidV7 } from '@sigra/core'
import { sql } from '../../database/sql.ts'
import { newIdOf } from '../../database/transaction.ts'
import { requireOrganizations } from '../../organizations/require-organizations.ts'
import type { UserId } from '../../user-id.ts'
import type { TestRuntime } from '../test-runtime.ts'

export interface TestOrganization {
  id: string
  slug: string
  name: string
}

/** One that nobody has. */
export function createTestSlug(): string {
  return `t${createUuidV7(new Date()).slice(-12)}`
}

type Seeded = Pick<TestRuntime, 'runtime' | 'rows'>

/** An organization that was there before the test began, with its members by their roles. */
export async function createTestOrganization(
  test: Seeded,
  members: Readonly<Record<string, UserId | readonly UserId[]>>,
  { slug = createTestSlug(), name = 'Acme' } = {},
): Promise<TestOrganization> {
  const { runtime } = test
  const { tables } = requireOrganizations(runtime)
  const [row] = await test.rows<TestOrganization>(sql`
    with o as (
      insert into ${tables.organization.name} (id, slug, name) values (${newIdOf(runtime.tables, tables.organization, new Date())}, ${slug}, ${name})
      returning id, slug, name
    ), s as (insert into ${tables.slug.name} (slug, organization_id) select slug, id from o)
    select id::text as id, slug, name from o`)
  if (!row) throw new Error('the organization was not inserted')
  for (const [role, users] of Object.entries(members)) {
    for (const userId of [users].flat()) await joinTestOrganization(test, row, userId, role)
  }
  return row
}

/** @returns The id of the membership. */
export async function joinTestOrganization(
  { runtime, rows }: Seeded,
  organization: TestOrganization,
  userId: UserId,
  role: string,
): Promise<string> {
  const { membership } = requireOrganizations(runtime).tables
  const [row] = await rows<{ id: string }>(sql`
    insert into ${membership.name} (id, organization_id, user_id, role)
    values (${newIdOf(runtime.tables, membership, new Date())}, ${organization.id}, ${userId}, ${role}) returning id::text as id`)
  if (!row) throw new Error('the membership was not inserted')
  return row.id
}

/** Who has which role, by user. */
export async function readRolesOf(test: Seeded, { id }: TestOrganization): Promise<Record<string, string>> {
  const { membership } = requireOrganizations(test.runtime).tables
  const rows = await test.rows<{ userId: string; role: string }>(sql`
    select user_id::text as "userId", role from ${membership.name} where organization_id = ${id} order by id`)
  return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]))
}
