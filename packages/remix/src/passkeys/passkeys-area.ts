import { configurePasskeys, type PasskeysOptions } from '@sigra/mikro-orm'
import type { Area, AreaKind } from '../area.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'

/** What `sigra.area` gives of passkeys. */
export interface PasskeysKind extends AreaKind {
  api: Passkeys
}

/**
 * Passkeys with what an app decides about them. Name what this returns in `areas`, and give it to `sigra.area`.
 *
 * @example
 * export const passkeys = passkeysArea({ entities: passkeyEntities, rpId: 'example.com' })
 */
export function passkeysArea(options: PasskeysOptions): Area<PasskeysKind> {
  return { ...configurePasskeys(options), createApi: ({ edge }) => createPasskeys(edge) }
}
