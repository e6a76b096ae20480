import { encodeBase64Url, findProviderName } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { hasWayInWithout } from '../door/sign-in-ways.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { requirePasskeys } from './require-passkeys.ts'

/** A passkey as its owner sees it. */
export interface UserPasskey {
  id: string
  nickname: string
  /** Who keeps it, such as "1Password", as far as it said so. Nothing proves it. */
  provider: string | null
  /** It is kept on more than one device. */
  isSynced: boolean
  createdAt: Date
  lastUsedAt: Date | null
  /** Without it there would be nothing to sign in with: no password, and no other credential. */
  isLastWay: boolean
  /** For the browser alone: to tell its owner's password manager that a removed one is of no use any more. */
  credentialId: string
}

interface PasskeyRow extends Pick<UserPasskey, 'id' | 'nickname' | 'isSynced' | 'isLastWay'> {
  aaguid: string
  createdAt: number
  lastUsedAt: number | null
  credentialId: Uint8Array
}

/**
 * The signed-in user's passkeys, the oldest first. Nobody else's can be asked for: there is no user to name.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const listUserPasskeys = defineFlow(
  {
    name: 'listUserPasskeys',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<UserPasskey[]> => {
    const { userPasskey } = requirePasskeys(runtime).tables
    const { session } = caller
    if (session?.awaiting !== null) return []
    const rows = await statement<PasskeyRow>(
      runtime,
      sql`
      select p.id::text as id, p.nickname, p.aaguid::text as aaguid, p.backed_up as "isSynced",
        ${milliseconds(sql`p.created_at`)} as "createdAt", ${milliseconds(sql`p.last_used_at`)} as "lastUsedAt",
        not ${hasWayInWithout(runtime, { table: userPasskey, id: sql`p.id` })} as "isLastWay",
        p.credential_id as "credentialId"
      from ${userPasskey.name} p join ${runtime.tables.user.name} u on u.id = p.user_id
      where p.user_id = ${session.userId}
      order by p.created_at, p.id`,
    )
    return rows.map(({ aaguid, createdAt, lastUsedAt, credentialId, ...rest }) => ({
      ...rest,
      provider: findProviderName(aaguid),
      createdAt: new Date(createdAt),
      lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt),
      credentialId: encodeBase64Url(credentialId),
    }))
  },
)
