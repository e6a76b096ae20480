import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { decodeCanonical } from '../../base64url.ts'
import type { Bytes } from '../../bytes.ts'

/** COSE names: ES256, EdDSA, RS256. */
export type PasskeyAlgorithm = -7 | -8 | -257

export interface SoftwareKey {
  /** As an authenticator names its key: labels and values of RFC 9052 §7. */
  readonly cose: Map<number, number | Bytes>
  sign(data: Uint8Array): Bytes
}

export function createSoftwareKey(algorithm: PasskeyAlgorithm): SoftwareKey {
  const { publicKey, privateKey } = createKeyPair(algorithm)
  const hash = algorithm === -8 ? null : 'sha256' // Ed25519 hashes by itself
  return {
    cose: createCose(algorithm, publicKey),
    sign: (data) => new Uint8Array(sign(hash, data, privateKey)),
  }
}

function createKeyPair(algorithm: PasskeyAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === -7) return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (algorithm === -8) return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

function createCose(algorithm: PasskeyAlgorithm, publicKey: KeyObject): Map<number, number | Bytes> {
  const { x, y, n, e } = publicKey.export({ format: 'jwk' })
  const bytes = (text: string | undefined): Bytes => decodeCanonical(text ?? '') ?? new Uint8Array()
  const head: [number, number][] = [
    [1, { '-7': 2, '-8': 1, '-257': 3 }[algorithm]],
    [3, algorithm],
  ]
  if (algorithm === -7)
    return new Map<number, number | Bytes>([...head, [-1, 1], [-2, bytes(x)], [-3, bytes(y)]])
  if (algorithm === -8) return new Map<number, number | Bytes>([...head, [-1, 6], [-2, bytes(x)]])
  return new Map<number, number | Bytes>([...head, [-1, bytes(n)], [-2, bytes(e)]])
}
