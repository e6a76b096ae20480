import { ConfigInvalid, type RelyingParty } from '@sigra/core'
import type { Runtime } from '../runtime.ts'
import type { PasskeyTables } from '../tables.ts'

/**
 * What the passkey flows work with.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 */
export function requirePasskeys({ tables, relyingParty }: Pick<Runtime, 'tables' | 'relyingParty'>): {
  tables: PasskeyTables
  relyingParty: RelyingParty
} {
  if (tables.passkeys !== null && relyingParty !== null) return { tables: tables.passkeys, relyingParty }
  throw new ConfigInvalid(
    'This app has no passkeys: entities.UserPasskey and WebauthnSpentChallenge are missing',
  )
}
