import type { Bytes } from '../bytes.ts'
import { isEqualConstantTime } from '../constant-time.ts'
import { sha256 } from '../hash.ts'

/** What an authenticator signs, taken apart. The two last are there when a passkey was just made. */
export interface AuthenticatorData {
  rpIdHash: Bytes
  flags: { up: boolean; uv: boolean; be: boolean; bs: boolean }
  counter: number
  credentialID?: Bytes
  credentialPublicKey?: Bytes
}

/** Takes it apart, and throws on what it does not know. */
interface Parser {
  parseAuthenticatorData(bytes: Bytes): AuthenticatorData
}

export type AuthenticatorDataRefusal =
  'malformed' | 'wrong-rp' | 'not-present' | 'not-verified' | 'backup-inconsistent'

/** `null` for bytes that are no authenticator data (https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data). */
export function parseAuthenticatorData(webAuthn: Parser, bytes: Uint8Array): AuthenticatorData | null {
  try {
    return webAuthn.parseAuthenticatorData(new Uint8Array(bytes))
  } catch {
    return null // its parser throws on whatever it does not know, nesting beyond the stack included
  }
}

/** What both ceremonies ask of the authenticator, in the order of the specification. */
export function checkAuthenticatorData(
  { rpIdHash, flags }: AuthenticatorData,
  rpId: string,
  requiresVerification: boolean,
): AuthenticatorDataRefusal | null {
  if (!isEqualConstantTime(rpIdHash, sha256(rpId))) return 'wrong-rp'
  if (!flags.up) return 'not-present'
  if (requiresVerification && !flags.uv) return 'not-verified'
  if (flags.bs && !flags.be) return 'backup-inconsistent' // backed up, and of a kind that never is
  return null
}
