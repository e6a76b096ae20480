import { ConfigInvalid } from '@sigra/core'

const MAX_PROXIES = 16

/**
 * Reads how many proxies stand in front of the app.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when production does not say, and for anything but a whole number.
 */
export function parseTrustedProxies(value: number | string | undefined, production: boolean): number {
  if (value === undefined || value === '') {
    if (!production) return 0
    throw new ConfigInvalid(
      'trustedProxies (TRUSTED_PROXIES) is missing: the number of proxies in front of the app, 0 when there is none',
    )
  }
  const count = typeof value === 'number' || /^\d+$/.test(value) ? Number(value) : -1
  if (!Number.isInteger(count) || count < 0 || count > MAX_PROXIES) {
    throw new ConfigInvalid(
      `trustedProxies (TRUSTED_PROXIES) must be a whole number from 0 to ${MAX_PROXIES}`,
    )
  }
  return count
}
