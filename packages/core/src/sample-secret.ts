import { encodeBase64Url } from './base64url.ts'

/**
 * Whether a secret was written by a person instead of a random generator: printable text behind the base64url,
 * hardly any different bytes, an even count upwards or downwards, or a word such as "example" in what is typed
 * into the environment. 32 random bytes look like that about once in ten million times.
 */
export function isSampleSecret(key: Uint8Array): boolean {
  return isPrintable(key) || hasFewBytes(key) || isCounting(key) || SAMPLE_WORDS.test(encodeBase64Url(key))
}

const SAMPLE_WORDS =
  /(change[-_]?me|example|sample|secret|insecure|replace|placeholder|password|your[-_]?key)/i

function isPrintable(key: Uint8Array): boolean {
  return key.every((byte) => byte >= 0x20 && byte < 0x7f)
}

function hasFewBytes(key: Uint8Array): boolean {
  return new Set(key).size < key.length / 2 // 32 random bytes hold about 30 different ones
}

function isCounting(key: Uint8Array): boolean {
  const steps = new Set([...key].slice(1).map((byte, index) => (byte - (key[index] ?? 0) + 256) % 256))
  return steps.size <= 2
}
