import { systemRandom } from '../random.ts'
import { createRandomToken } from '../random-token.ts'
import type { ProviderAttempt } from './provider.ts'

/** Begins an attempt: 256 bits each, so that a plain hash of the state is enough to find it by. */
export function createProviderAttempt(fillRandom = systemRandom): ProviderAttempt {
  const one = () => createRandomToken(fillRandom)
  return { state: one(), nonce: one(), verifier: one() }
}
