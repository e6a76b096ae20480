import { createMac, encodeBase64Url } from '@sigra/core'
import type { Runtime } from '../runtime.ts'

/**
 * What the audit log keeps of a name nobody here has: enough to see that two tries named the same one, not the name.
 * People type passwords into the e-mail field.
 */
export function hideIdentifier(runtime: Runtime, typed: string): string {
  const mac = createMac(runtime.ring, 'audit-identifier', typed)
  return mac === null ? '' : encodeBase64Url(mac)
}
