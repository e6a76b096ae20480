import { randomBytes } from 'node:crypto'
import { query } from './database.ts'

export function createSlug(): string {
  return `team-${randomBytes(6).toString('hex')}`
}

/** Makes somebody a member, as an invitation that they accept. Who has no account gets one that is confirmed. */
export async function addMember(slug: string, email: string, role = 'member'): Promise<void> {
  await query(
    `insert into users (id, email, email_canonical, confirmed_at) values (gen_random_uuid(), $1, $1, now())
     on conflict (email_canonical) do nothing`,
    [email],
  )
  await query(
    `insert into organization_memberships (id, organization_id, user_id, role)
     select gen_random_uuid(), o.id, u.id, $3 from organizations o, users u where o.slug = $1 and u.email = $2`,
    [slug, email, role],
  )
}
