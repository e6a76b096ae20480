import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { encodeBase64Url } from '../base64url.ts'
import { OFFERED_ALGORITHMS } from './algorithms.ts'

export type PublicKeyRefusal = 'malformed' | 'algorithm-not-offered'

interface CborDecoder {
  /** `undefined` for what is no CBOR. */
  decodeCbor(this: void, bytes: Uint8Array): unknown
}

// RFC 9052 §7.1 and RFC 9053 §7
const [KTY, ALG, CRV, X, Y] = [1, 3, -1, -2, -3]
const [RSA_N, RSA_E] = [-1, -2]
const RSA_BYTES = { min: 256, max: 512 } // 2,048 to 4,096 bits: below it is weak, above it slow to check

/**
 * Whether a COSE key is one that was offered, in the one form the specification allows for it
 * (https://www.w3.org/TR/webauthn-3/#sctn-encoded-credPubKey-examples), and one Node can check signatures with: a point
 * off the curve would be stored now and fail at every sign-in.
 */
export function checkPublicKey({ decodeCbor }: CborDecoder, publicKey: Uint8Array): PublicKeyRefusal | null {
  const cose = decodeCbor(publicKey)
  if (!(cose instanceof Map)) return 'malformed'
  if (!OFFERED_ALGORITHMS.includes(cose.get(ALG))) return 'algorithm-not-offered'
  const jwk = readJwk(cose)
  return jwk && isUsable(jwk) ? null : 'malformed'
}

function readJwk(cose: ReadonlyMap<unknown, unknown>): JsonWebKey | null {
  const text = (name: number, min: number, max = min): string | null => readBytes(cose.get(name), min, max)
  const is = (kty: number, alg: number, size: number): boolean =>
    cose.get(KTY) === kty && cose.get(ALG) === alg && cose.size === size // no other parameter is allowed
  if (is(2, -7, 5) && cose.get(CRV) === 1) {
    const [x, y] = [text(X, 32), text(Y, 32)]
    return x && y ? { kty: 'EC', crv: 'P-256', x, y } : null
  }
  if (is(1, -8, 4) && cose.get(CRV) === 6) {
    const x = text(X, 32)
    return x ? { kty: 'OKP', crv: 'Ed25519', x } : null
  }
  if (is(3, -257, 4)) {
    const [n, e] = [text(RSA_N, RSA_BYTES.min, RSA_BYTES.max), text(RSA_E, 3)]
    return n && e === 'AQAB' ? { kty: 'RSA', n, e } : null // 65537: under e = 1 everybody could sign
  }
  return null
}

function readBytes(value: unknown, min: number, max: number): string | null {
  const isFitting = value instanceof Uint8Array && value.length >= min && value.length <= max
  return isFitting ? encodeBase64Url(value) : null
}

function isUsable(jwk: JsonWebKey): boolean {
  try {
    createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false
  }
}
