import type { KeyRing } from '../key-ring.ts'
import {
  type ChallengeBinding,
  type ChallengeRefusal,
  checkChallenge,
  type SpentChallenge,
} from './challenge.ts'

export interface ClientDataExpectation {
  readonly ring: KeyRing
  readonly type: 'webauthn.create' | 'webauthn.get'
  readonly origin: string
  readonly binding: ChallengeBinding
  readonly now: Date
}

export type ClientDataResult =
  | { readonly ok: true; readonly challenge: string; readonly spent: SpentChallenge }
  | { readonly ok: false; readonly reason: ClientDataRefusal }

export type ClientDataRefusal =
  'malformed' | 'wrong-type' | 'cross-origin' | 'wrong-origin' | ChallengeRefusal

/**
 * Checks what the browser says about the ceremony. It is signed by the authenticator, so a page elsewhere cannot put
 * another origin into it (https://www.w3.org/TR/webauthn-3/#dictionary-client-data).
 */
export function checkClientData(json: Uint8Array, expected: ClientDataExpectation): ClientDataResult {
  const data = parseClientData(json)
  if (!data) return { ok: false, reason: 'malformed' }
  if (data['type'] !== expected.type) return { ok: false, reason: 'wrong-type' }
  // In a frame of another site a click can be lured out of somebody who sees something else.
  if ((data['crossOrigin'] ?? false) !== false || data['topOrigin'] !== undefined) {
    return { ok: false, reason: 'cross-origin' }
  }
  if (data['origin'] !== expected.origin) return { ok: false, reason: 'wrong-origin' }
  const { challenge } = data
  const checked = checkChallenge(expected.ring, challenge, expected.binding, expected.now)
  if (!checked.ok) return checked
  return typeof challenge === 'string'
    ? { ok: true, challenge, spent: checked.spent }
    : { ok: false, reason: 'malformed' }
}

function parseClientData(json: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const data: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : null
  } catch {
    return null
  }
}
