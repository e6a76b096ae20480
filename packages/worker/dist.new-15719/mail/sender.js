import { ConfigInvalid, parseEmail } from '@sigra/core'
/**
 * Reads `MAIL_FROM`: `hello@acme.example` or `Acme <hello@acme.example>`.
 *
 * @param fallback Used where nothing is set: development sends to a folder.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for anything else.
 */
export function parseSender(text, fallback) {
  if (text === undefined || text === '') return fallback
  const named = /^\s*(?<name>[^<>\r\n]*?)\s*<(?<address>[^<>\s]+)>\s*$/.exec(text)
  const address = parseEmail(named?.groups?.['address'] ?? text.trim())?.typed
  if (address === undefined) {
    throw new ConfigInvalid(
      'MAIL_FROM must be an address, like hello@example.com or "Acme <hello@example.com>"',
    )
  }
  const name = named?.groups?.['name']?.replace(/^"(.*)"$/, '$1') ?? fallback.name
  return { name, address }
}
//# sourceMappingURL=sender.js.map
