import { argon2id, bcryptVerify } from 'hash-wasm'
import type { Bytes } from './bytes.ts'
import type { Argon2Cost } from './phc.ts'

/** Everything that goes into one argon2id call. */
export interface Argon2Input extends Argon2Cost {
  readonly password: string | Bytes
  readonly salt: Bytes
  readonly hashBytes: number
  /** RFC 9106 names these two; passwords have neither. Native engine only. */
  readonly secret?: Bytes
  readonly associatedData?: Bytes
}

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
