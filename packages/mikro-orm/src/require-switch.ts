import { ConfigInvalid } from '@sigra/core'

/**
 * Refuses what is neither `true` nor `false`: from an environment comes the text `false`, which would switch on.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the option.
 */
export function requireSwitch(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return
  throw new ConfigInvalid(`${name} must be true or false, not text or a number`)
}
