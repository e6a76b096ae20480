import { randomBytes } from 'node:crypto'
import { query } from './database.ts'

export function createSlug(): string {
  return `team-${randomBytes(6).toString('hex')}`
}

/** Invites somebody to an organization that nobody is in. */
export async function inviteToAnother(name: string, email: string): Promise<void> {
  await query(
    `with other as (insert into organizations (id, name, slug) values (gen_random_uuid(), $1, $2) returning id)
     insert into organization_invitations
       (id, organization_id, email, email_canonical, role, key_id, selector, token_hash, sends, expires_at)
     select gen_random_uuid(), id, $3, $3, 'member', 'none', uuid_send(gen_random_uuid()), sha256($2::bytea), 1, now() + interval '7 days'
     from other`,
    [name, createSlug(), email],
  )
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
