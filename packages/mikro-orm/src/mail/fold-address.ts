import type { CanonicalEmail } from '@sigra/core'

/**
 * The mailbox an address most likely ends in: no `+tag`, no dots before the `@`. Only limits use it, so that
 * one mailbox cannot be flooded through its aliases; accounts stay as many as there are addresses.
 */
export function foldAddress(address: CanonicalEmail): string {
  const at = address.lastIndexOf('@')
  const [mailbox = ''] = address.slice(0, at).split('+', 1)
  return mailbox.replaceAll('.', '') + address.slice(at)
}
