import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'
import { uuidKey } from './keys.ts'

/**
 * A line of the audit log, `id` included. The entity adds the indexes `['actorId', 'occurredAt']`,
 * `['subjectId', 'occurredAt']` and `['action', 'occurredAt']`. People are kept as plain ids, without a foreign key:
 * the log outlives them.
 */
export const auditEventProperties = {
  id: uuidKey(),
  occurredAt: instant('occurred_at').defaultRaw('current_timestamp'),
  action: p.string().length(64),
  outcome: p.string().length(16).check("outcome in ('success', 'failure', 'denied')"),
  actorId: p.string().fieldName('actor_id').length(64).nullable(),
  subjectId: p.string().fieldName('subject_id').length(64).nullable(),
  targetId: p.string().fieldName('target_id').length(64).nullable(),
  ip: p.string().length(64).nullable(),
  userAgent: p.string().fieldName('user_agent').length(512).nullable(),
  requestId: p.string().fieldName('request_id').length(128).nullable(),
  metadata: p
    .json<Record<string, string | number | boolean>>()
    .check('octet_length(metadata::text) <= 8192')
    .defaultRaw("'{}'"),
}
