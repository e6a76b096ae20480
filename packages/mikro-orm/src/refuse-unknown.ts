import { ConfigInvalid } from '@sigra/core'

/**
 * Refuses a key that nobody reads: one that was misspelt would be overlooked.
 *
 * @param describe The whole sentence about a key.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for the first one.
 */
export function refuseUnknown(given: object, known: object, describe: (key: string) => string): void {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(known, key))
  if (unknown !== undefined) throw new ConfigInvalid(describe(unknown))
}
