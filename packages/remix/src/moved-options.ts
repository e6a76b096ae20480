import { ConfigInvalid } from '@sigra/core'

/** Where options went that `createSigra` had itself. They stay here for one minor version. */
const MOVED: readonly (readonly [path: string, place: string])[] = [
  ['trustedProxies', 'createSigra({ edge: { trustedProxies } })'],
  ['cookieDomain', 'createSigra({ edge: { cookieDomain } })'],
  ['headers', 'createSigra({ edge: { headers } })'],
  ['exemptRoutes', 'createSigra({ edge: { exemptRoutes } })'],
  ['additionalOrigins', 'createSigra({ edge: { additionalOrigins } })'],
  ['clearSiteDataOnLogOut', 'createSigra({ edge: { clearSiteDataOnLogOut } })'],
  ['dangerouslyAllowNoClientAddress', 'createSigra({ edge: { dangerouslyAllowNoClientAddress } })'],
  ['rpId', 'passkeysArea({ rpId }) in app/passkeys/passkeys.config.ts'],
  ['rpName', 'passkeysArea({ rpName }) in app/passkeys/passkeys.config.ts'],
  ['policy.passkeys', 'passkeysArea({ policy }) in app/passkeys/passkeys.config.ts'],
  [
    'policy.limits.client.passkeyCeremony',
    'passkeysArea({ policy: { ceremonies } }) in app/passkeys/passkeys.config.ts',
  ],
]

/**
 * Refuses an option that has moved, before anything else is said about it.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the place it moved to.
 */
export function refuseMoved(options: object): void {
  for (const [path, place] of MOVED) {
    if (has(options, path.split('.'))) throw new ConfigInvalid(`${path} has moved to ${place}`)
  }
}

function has(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return has(Reflect.get(value, key), rest)
}
