import { ConfigInvalid } from '@sigra/core'

/**
 * Reads a name that people see: it stands in mail subjects, headers and dialogs of browsers.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for an empty one, a long one and one with a line break.
 */
export function parseName(option: string, text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '' || text.length > 64 || /\p{Cc}/u.test(text)) {
    throw new ConfigInvalid(`${option} must be 1 to 64 characters on one line`)
  }
  return text
}
