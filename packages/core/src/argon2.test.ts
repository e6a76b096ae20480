import { afterAll, describe, expect, it } from 'vitest'
import reference from '../../../fixtures/vectors/argon2id-reference.json' with { type: 'json' }
import rfc9106 from '../../../fixtures/vectors/rfc9106-argon2id.json' with { type: 'json' }
import { type Argon2id, chooseArgon2, isNativeArgon2Available, nativeArgon2, wasmArgon2 } from './argon2.ts'
import { createHashThread } from './hash-thread.ts'
import { parsePhc } from './phc.ts'

const thread = createHashThread()
afterAll(() => thread.close())

const bytes = (hex: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(hex, 'hex'))
const hasNative = isNativeArgon2Available()
const engines: [string, Argon2id][] = [
  ['hash-wasm in a thread', (input) => wasmArgon2(thread, input)],
  ...(hasNative ? [['crypto.argon2', nativeArgon2] satisfies [string, Argon2id]] : []),
]

describe.each(engines)('argon2id by %s', (_, argon2id) => {
  it.each(reference.cases)('agrees with the reference implementation: $phc', async ({ password, phc }) => {
    const stored = parsePhc(phc)
    expect(stored && (await argon2id({ ...stored, password, hashBytes: 32 }))).toEqual(stored?.hash)
  })
})

describe('nativeArgon2', () => {
  it.runIf(hasNative)('agrees with RFC 9106 §5.3', async () => {
    const tag = await nativeArgon2({
      password: bytes(rfc9106.password),
      salt: bytes(rfc9106.salt),
      secret: bytes(rfc9106.secret),
      associatedData: bytes(rfc9106.associatedData),
      memoryKib: rfc9106.memoryKib,
      passes: rfc9106.passes,
      parallelism: rfc9106.parallelism,
      hashBytes: 32,
    })
    expect(tag).toEqual(bytes(rfc9106.tag))
  })
})

describe('chooseArgon2', () => {
  it('takes crypto.argon2 where this Node has it', () => {
    expect(chooseArgon2(thread) === nativeArgon2).toBe(hasNative)
  })
})
