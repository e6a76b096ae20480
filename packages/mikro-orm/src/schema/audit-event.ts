import { p } from '@mikro-orm/core'
import { hash, instant } from './columns.ts'
import { uuidKey } from './keys.ts'

/**
 * Columns for areas to come, always there. Typed as nothing: an app has no use for them before, and the type-check of an app
 * pays for each.
 */
const roomForAreas: object = {
  /** What the actor is: with ids that are numbers, a service account 5 is not the user 5. Null beside no actor. */
  actorKind: p
    .string()
    .fieldName('actor_kind')
    .length(16)
    .check("actor_kind in ('user', 'service-account', 'system', 'host')")
    .nullable(),
  /** As whom the actor acted, where that is somebody else. */
  effectiveId: p.string().fieldName('effective_id').length(64).nullable(),
  /** By which credential, where it was no session: a token, and its id. */
  credentialKind: p.string().fieldName('credential_kind').length(32).nullable(),
  credentialId: p.string().fieldName('credential_id').length(64).nullable(),
  /** What it was done to, and of what kind that is. */
  targetType: p.string().fieldName('target_type').length(64).nullable(),
  /** Why an admin did it, in their words. Never shown to the subject. */
  note: p.string().length(500).nullable(),
  /** Of what was personal in this row, left in its place when that is erased. */
  personalHash: hash('personal_hash').nullable(),
}

/** For the index of the lines of organizations: an app without any pays nothing for it. */
export const ofOrganization = 'organization_id is not null'

/**
 * A line of the audit log, `id` included. The entity adds the indexes `['actorId', 'occurredAt']`,
 * `['subjectId', 'occurredAt']`, `['action', 'occurredAt']` and `['occurredAt', 'id']`, and `['organizationId', 'occurredAt', 'id']` where
 * `ofOrganization` holds. People are kept as plain ids, without a
 * foreign key: the log outlives them.
 */
export const auditEventProperties = {
  id: uuidKey(),
  occurredAt: instant('occurred_at').defaultRaw('current_timestamp'),
  action: p.string().length(64),
  outcome: p.string().length(16).check("outcome in ('success', 'failure', 'denied')"),
  /** Who did it. */
  actorId: p.string().fieldName('actor_id').length(64).nullable(),
  /** The user it is about, always a user. */
  subjectId: p.string().fieldName('subject_id').length(64).nullable(),
  targetId: p.string().fieldName('target_id').length(64).nullable(),
  /** Whose members may read it. What somebody does to their own account has none, or an employer would read it. */
  organizationId: p.string().fieldName('organization_id').length(64).nullable(),
  ip: p.string().length(64).nullable(),
  userAgent: p.string().fieldName('user_agent').length(512).nullable(),
  requestId: p.string().fieldName('request_id').length(128).nullable(),
  metadata: p
    .json<Record<string, string | number | boolean>>()
    .check('octet_length(metadata::text) <= 8192')
    .defaultRaw("'{}'"),
  ...roomForAreas,
}
