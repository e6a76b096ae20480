import * as crypto from 'node:crypto'
import type { Bytes } from './bytes.ts'
import type { Argon2Input } from './hash-job.ts'
import { HashingFailed, type HashThread } from './hash-thread.ts'

/** RFC 9106 argon2id, version 0x13. */
export type Argon2id = (input: Argon2Input) => Promise<Bytes>

/** `crypto.argon2` where this Node has it (24.7 and later, OpenSSL 3.2 and later), else hash-wasm in a thread. */
export function chooseArgon2(thread: HashThread): Argon2id {
  return isNativeArgon2Available() ? nativeArgon2 : (input) => wasmArgon2(thread, input)
}

/** Asks for the smallest hash there is: an OpenSSL without argon2 has the function and fails in it. */
export function isNativeArgon2Available(): boolean {
  if (!('argon2Sync' in crypto)) return false
  try {
    crypto.argon2Sync('argon2id', {
      message: '',
      nonce: Buffer.alloc(8),
      parallelism: 1,
      tagLength: 4,
      memory: 8,
      passes: 1,
    })
    return true
  } catch {
    return false
  }
}

/**
 * Runs in libuv's thread pool: the event loop goes on.
 *
 * @throws {HashingFailed} `SIGRA_HASHING_FAILED` when OpenSSL refused the input.
 */
export function nativeArgon2(input: Argon2Input): Promise<Bytes> {
  const parameters = {
    message: input.password,
    nonce: input.salt,
    parallelism: input.parallelism,
    tagLength: input.hashBytes,
    memory: input.memoryKib,
    passes: input.passes,
    ...(input.secret && { secret: input.secret }),
    ...(input.associatedData && { associatedData: input.associatedData }),
  }
  return new Promise((resolve, reject) => {
    crypto.argon2('argon2id', parameters, (error, hash) => {
      if (error) reject(new HashingFailed('A password could not be hashed.'))
      else resolve(new Uint8Array(hash))
    })
  })
}

/**
 * Runs in the one thread of hash-wasm.
 *
 * @throws {HashingFailed} `SIGRA_HASHING_FAILED` when the thread died, was closed, or refused the input.
 */
export async function wasmArgon2(thread: HashThread, input: Argon2Input): Promise<Bytes> {
  const hash = await thread.run({ kind: 'argon2id', input })
  if (!(hash instanceof Uint8Array)) throw new HashingFailed('A password could not be hashed.')
  return new Uint8Array(hash)
}
