import { argon2id, bcryptVerify } from 'hash-wasm'
import type { Argon2Input } from './argon2.ts'
import type { Bytes } from './bytes.ts'

/** What the hash thread can be asked for. */
export type HashJob =
  | { readonly kind: 'argon2id'; readonly input: Argon2Input }
  | { readonly kind: 'bcrypt'; readonly hash: string; readonly password: Bytes }

/** Does one job with hash-wasm: argon2id gives bytes, bcrypt whether the password is right. */
export function runHashJob(job: HashJob): Promise<Uint8Array | boolean> {
  return job.kind === 'bcrypt' ? bcryptVerify(job) : runArgon2(job.input)
}

function runArgon2(input: Argon2Input): Promise<Uint8Array> {
  return argon2id({
    password: input.password,
    salt: input.salt,
    memorySize: input.memoryKib,
    iterations: input.passes,
    parallelism: input.parallelism,
    hashLength: input.hashBytes,
    outputType: 'binary',
  })
}
