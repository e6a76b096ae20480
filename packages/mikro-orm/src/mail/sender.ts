import { ConfigInvalid, parseEmail } from '@sigra/core'

export interface Sender {
  name: string
  address: string
}

export interface SenderDefaults {
  /** Who a bare address belongs to. */
  name: string
  /** For development, where mail goes to a folder; `null` where a sender is required. */
  address: string | null
}

/**
 * Reads `MAIL_FROM`: `hello@acme.example` or `Acme <hello@acme.example>`.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when it is missing and required, or not an address.
 */
export function parseSender(text: string | undefined, defaults: SenderDefaults): Sender {
  const { name, address } = defaults
  if (!text) {
    if (address !== null) return { name, address }
    throw new ConfigInvalid('MAIL_FROM is missing: hello@example.com or "Acme <hello@example.com>"')
  }
  // As `.env` shows it: not every environment takes the quotes away.
  const line = /^\s*"([^"]*)"\s*$/.exec(text)?.[1] ?? text
  const named = /^\s*(?<name>[^<>\r\n]*?)\s*<(?<address>[^<>\s]+)>\s*$/.exec(line)
  const parsed = parseEmail(named?.groups?.['address'] ?? line.trim())?.typed
  if (parsed === undefined) {
    throw new ConfigInvalid(
      'MAIL_FROM must be an address, like hello@example.com or "Acme <hello@example.com>"',
    )
  }
  return { name: named?.groups?.['name']?.replace(/^"(.*)"$/, '$1') ?? name, address: parsed }
}
