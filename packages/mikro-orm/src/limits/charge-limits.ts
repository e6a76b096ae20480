import type { Bucket } from '../policy.ts'
import type { Runtime } from '../runtime.ts'

/** One bucket to take a token from. */
export interface Charge {
  /** What is limited, for example `sign-in.client`. Part of the key, and of the audit line. */
  name: string
  /** Whom it is counted for: a network, an address. Stored as HMAC only. */
  subject: string
  bucket: Bucket
}

export type ChargeResult = { ok: true } | { ok: false; retryAfterSeconds: number }

export async function chargeLimits(
  runtime: Runtime,
  client: readonly Charge[],
  target: readonly Charge[],
): Promise<ChargeResult> {
  throw new Error(`${String(runtime)}${client.length}${target.length}`)
}
