import { createUuidV7, Impossible, sanitizeText } from '@sigra/core'
import type { AreaMetadataKey } from '../areas.ts'
import type { Caller, RequestSource } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { Principal } from '../sessions/principal.ts'
import type { AuditAction } from './audit-actions.ts'

/** What areas' lines say beside that. */
type AreaMetadata = Partial<Record<AreaMetadataKey, string | number | boolean>>

/** What a line may say beside its columns. No secret, and no free text of a visitor's but one; all else is left out. */
export interface AuditMetadata extends AreaMetadata {
  /** How someone proved who they are: `password`, `link`, `code`. */
  method?: string
  /** Why something was refused. */
  reason?: string
  /** HMAC of an identifier nobody here has. It may have been a password typed into the wrong field. */
  identifier?: string
  /** Name of a limit, cookie or mail. */
  limit?: string
  cookie?: string
  mail?: string
  /** What came of it: `signed-in`, `second-factor-required`. */
  result?: string
  /** Which rule asks for that step: `totp`, `no-backup-codes`. */
  rule?: string
  /** Who wants two factors: `policy-all`, `policy-admins`, `own-wish`. */
  requiredBy?: string
  /** `known`, `unknown`; `same`, `other`. */
  browser?: string
  remembered?: boolean
  /** How many rows went. */
  sessions?: number
  tokens?: number
  attempts?: number
  /** How many unused backup codes remain. */
  codesLeft?: number
  /** What went with it, in words apart by blanks: `password passkey`. */
  removed?: string
  /** The table that refused. */
  table?: string
  /** What was accepted, by name and version, apart by blanks: `terms:2026-12-01`. */
  documents?: string
  /** From when on a deletion is due, as ISO 8601. */
  deleteAfter?: string
  /** Since when whatever was added goes where somebody says that it was not them, as ISO 8601. */
  suspectSince?: string
}

export interface AuditEntry {
  action: AuditAction
  outcome: 'success' | 'failure' | 'denied'
  /** Who did it. Whoever acts as somebody else is named all the same. @default the signed-in user, else nobody */
  actorId?: string | null
  /** Whom it is about. */
  subjectId?: string | null
  /** What it was done to: a session, a token. */
  targetId?: string | null
  /** Whose members may read it; nothing that somebody does to their own account has one. @default none */
  organizationId?: string | null
  metadata?: AuditMetadata
}

/** The columns of a line that come from the request. */
export type AuditSource = RequestSource & Partial<Pick<Caller, 'principal'>>

const metadataKeys = {
  method: true,
  reason: true,
  identifier: true,
  limit: true,
  cookie: true,
  mail: true,
  result: true,
  rule: true,
  requiredBy: true,
  browser: true,
  remembered: true,
  sessions: true,
  tokens: true,
  attempts: true,
  codesLeft: true,
  removed: true,
  table: true,
  documents: true,
  deleteAfter: true,
  suspectSince: true,
} satisfies Record<Exclude<keyof AuditMetadata, AreaMetadataKey>, true>

const MAX_METADATA_TEXT = 256

const nobody = { actor_id: null, actor_kind: null, effective_id: null }

/**
 * Writes a line of the audit log in the transaction of the change it describes: both exist or neither.
 *
 * @param also Further lines of the same change, in the same statement.
 * @returns The event's id.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` when the line was not written.
 */
export async function recordAuditEvent(
  tx: Transaction,
  source: AuditSource,
  entry: AuditEntry,
  also: readonly AuditEntry[] = [],
): Promise<string> {
  const [id] = await recordAuditEvents(tx, source, [entry, ...also])
  if (id === undefined) throw new Impossible('an audit event was not written')
  return id
}

/**
 * Several lines of one change, in one statement.
 *
 * @returns Their ids, in order.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function recordAuditEvents(
  tx: Transaction,
  source: AuditSource,
  entries: readonly AuditEntry[],
): Promise<string[]> {
  return recordAuditLines(
    tx,
    entries.map((entry) => ({ source, entry })),
  )
}

/** The same for lines that come from several requests. */
export async function recordAuditLines(
  tx: Transaction,
  lines: readonly { source: AuditSource; entry: AuditEntry }[],
): Promise<string[]> {
  const made = new Date(Date.now() + tx.runtime.clockOffset())
  const events = lines.map(({ source, entry }) => ({
    ...columnsOf(tx, source, entry),
    id: createUuidV7(made),
  }))
  // One JSON parameter, so that the statement's text is the same for any number of lines.
  await tx.rows(sql`
    insert into ${tx.tables.auditEvent.name}
      (id, occurred_at, action, outcome, actor_id, actor_kind, effective_id, subject_id, target_id, organization_id, ip,
        user_agent, request_id, metadata)
    select id, ${tx.now}, action, outcome, actor_id, actor_kind, effective_id, subject_id, target_id, organization_id, ip,
      user_agent, request_id, metadata
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as event(id uuid, action text, outcome text,
      actor_id text, actor_kind text, effective_id text, subject_id text, target_id text, organization_id text, ip text,
      user_agent text, request_id text, metadata jsonb)`)
  return events.map((event) => event.id)
}

function columnsOf(tx: Transaction, source: AuditSource, entry: AuditEntry) {
  return {
    action: entry.action,
    outcome: entry.outcome,
    ...actorOf(source.principal ?? null, entry.actorId),
    subject_id: entry.subjectId ?? null,
    target_id: entry.targetId ?? null,
    organization_id: entry.organizationId ?? null,
    ip: source.clientAddress === null ? null : sanitizeText(source.clientAddress, 64),
    user_agent:
      source.userAgent === null
        ? null
        : sanitizeText(source.userAgent, tx.runtime.policy.audit.maxUserAgentLength),
    request_id: sanitizeText(source.requestId, 128),
    metadata: allowedMetadata(tx.runtime, entry),
  }
}

/** Whoever acts as somebody else stays the actor, whomever a flow takes itself to be run by. */
function actorOf(principal: Principal | null, named: string | null | undefined) {
  if (named === null) return nobody
  if (principal !== null && (named === undefined || principal.effectiveId !== null)) {
    const { actorId, kind, effectiveId } = principal
    return { actor_id: actorId, actor_kind: kind, effective_id: effectiveId }
  }
  return named === undefined ? nobody : { actor_id: named, actor_kind: 'user', effective_id: null }
}

function allowedMetadata(
  { areas, policy }: Pick<Runtime, 'areas' | 'policy'>,
  { action, metadata = {} }: AuditEntry,
): Record<string, string | number | boolean> {
  const ofArea = areas.flatMap(({ declaration }) => declaration.auditActions[action]?.metadata ?? [])
  const allowed: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(metadata)) {
    if (!Object.hasOwn(metadataKeys, key) && !ofArea.includes(key)) continue
    if (typeof value === 'string') allowed[key] = sanitizeText(value, MAX_METADATA_TEXT)
    if (typeof value === 'number' || typeof value === 'boolean') allowed[key] = value
  }
  return Buffer.byteLength(JSON.stringify(allowed)) <= policy.audit.maxMetadataBytes ? allowed : {}
}
