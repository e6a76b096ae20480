import { isNativeArgon2Available, nativeArgon2, wasmArgon2 } from '../../packages/core/src/argon2.ts'
import { createHashThread } from '../../packages/core/src/hash-thread.ts'
import { compare, type Outcome, rateOf } from './compare.ts'

const input = {
  password: 'correct horse battery staple',
  salt: new Uint8Array(16),
  memoryKib: 19_456,
  passes: 2,
  parallelism: 1,
  hashBytes: 32,
}

const load = { calls: 4, inFlight: 2 }

/** Node's own argon2id beside hash-wasm in its thread, two at a time as in production. Nothing where Node has none. */
export async function benchArgon2(): Promise<Outcome[]> {
  if (!isNativeArgon2Available()) return []
  const thread = createHashThread()
  try {
    const outcome = await compare({
      name: 'argon2id (19 MiB, 2 passes)',
      unit: '/s',
      bar: { atLeast: 3 },
      floor: { name: 'hash-wasm in a thread', measure: rateOf(() => wasmArgon2(thread, input), load) },
      subject: { name: 'crypto.argon2', measure: rateOf(() => nativeArgon2(input), load) },
      rounds: 21,
    })
    return [outcome]
  } finally {
    await thread.close()
  }
}
