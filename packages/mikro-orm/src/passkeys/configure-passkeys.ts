import type { EntityClass } from '@mikro-orm/core'
import { checkRpId, type RelyingParty } from '@sigra/core'
import type { AreaGround, AreaHandle, AreaParts } from '../areas/area.ts'
import { iso, sql } from '../database/sql.ts'
import type { Credential } from '../door/credential.ts'
import { parseName } from '../parse-name.ts'
import type { PolicyChanges } from '../policy.ts'
import type { Table } from '../read-table.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { passkeys } from './area.ts'
import { type PasskeysPolicy, passkeysSettings } from './policy.ts'

/** What an app decides about its passkeys. */
export interface PasskeysOptions {
  entities: PasskeyEntities
  /**
   * The domain passkeys belong to: the origin's host, or one above it. Changing it makes every passkey useless.
   * @default the origin's host
   */
  rpId?: string
  /** What a browser may show while it asks for a passkey. @default appName */
  rpName?: string
  policy?: PolicyChanges<PasskeysPolicy>
}

/** The host's classes made of the property bundles. */
export interface PasskeyEntities {
  UserPasskey: EntityClass<unknown>
  WebauthnSpentChallenge: EntityClass<unknown>
}

export interface PasskeyTables {
  userPasskey: Table
  spentChallenge: Table
}

/** Passkeys, as this process has them. */
export interface OpenPasskeys extends AreaParts {
  readonly tables: PasskeyTables
  readonly relyingParty: RelyingParty
  readonly policy: PasskeysPolicy
}

const SPENT_CHALLENGE_HOURS = 1 // an answer checked just before the end may not have been spent yet; no request lasts so long

const knownOptions = {
  entities: true,
  rpId: true,
  rpName: true,
  policy: true,
} satisfies Record<keyof PasskeysOptions, true>

/** Passkeys with what an app decides about them. Nothing is checked before the app starts. */
export function configurePasskeys(options: PasskeysOptions): AreaHandle {
  return { declaration: passkeys, open: (ground) => openPasskeys(ground, options) }
}

function openPasskeys(ground: AreaGround, options: PasskeysOptions): OpenPasskeys {
  refuseUnknown(options, knownOptions, (key) => `passkeys: "${key}" is not an option`)
  const userPasskey = ground.table('UserPasskey', options.entities?.UserPasskey)
  const spentChallenge = ground.table('WebauthnSpentChallenge', options.entities?.WebauthnSpentChallenge)
  return {
    tables: { userPasskey, spentChallenge },
    relyingParty: readRelyingParty(ground, options),
    policy: ground.policy(passkeysSettings, options.policy),
    credentials: [passkey(userPasskey)],
    hooks: {
      async onErased(tx, { userId }) {
        await tx.rows(sql`delete from ${userPasskey.name} where user_id = ${userId}`)
      },
    },
    exported: (userId, cursor, limit) => sql`
      select jsonb_build_object('id', p.id::text, 'nickname', p.nickname, 'backedUp', p.backed_up,
        'addedAt', ${iso(sql`p.created_at`)}, 'lastUsedAt', ${iso(sql`p.last_used_at`)}) as row, p.id::text as cursor
      from ${userPasskey.name} p where p.user_id = ${userId} and (${cursor}::text is null or p.id::text > ${cursor})
      order by p.id::text limit ${limit}`,
    sweeps: [
      {
        name: 'challenges',
        table: spentChallenge,
        isOver: (now) => sql`x.expires_at < ${now} - ${SPENT_CHALLENGE_HOURS} * interval '1 hour'`,
      },
    ],
  }
}

/** Refused here, not at somebody's first sign-in: browsers say no more than "not allowed". */
function readRelyingParty({ origin, appName }: AreaGround, { rpId, rpName }: PasskeysOptions): RelyingParty {
  const party = {
    rpId: rpId ?? origin.hostname,
    rpName: parseName('rpName', rpName ?? appName),
    origin: origin.origin,
  }
  checkRpId(party.rpId, party.origin)
  return party
}

function passkey(table: Table): Credential {
  return {
    name: 'passkey',
    table,
    counts: sql`true`,
    fingerprint: sql`string_agg(f.id::text, ',' order by f.id)`,
    isWayIn: true,
    proves: ['pop', 'user'],
    isSecondFactor: true,
    addedAt: sql`f.created_at`,
    // The one that was added, or copied, and no other: one that somebody uses may be the owner's.
    disputed: () =>
      sql`e.action in ('passkey.added', 'passkey.counter_regressed') and f.id::text = e.target_id`,
  }
}
