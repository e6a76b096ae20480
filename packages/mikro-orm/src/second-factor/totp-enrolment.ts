import { createOtpauthUri, formatTotpSecret } from '@sigra/core'
import { sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { enrolmentPlace, openTotp } from './totp-secret.ts'
import type { TotpEnrolment } from '../flow-result.ts'

/** The seed of a row of `user_totp`, named `f`, that waits for its first code. */
export const waitingSecret: Sql = sql`case when f.activated_at is null then f.sealed_secret else f.pending_secret end`

/** @returns `null` where nothing waits, or what waits was asked for in another session. */
export function readEnrolment(
  runtime: Runtime,
  session: ResolvedSession,
  row: { totpId: string | null; waiting: string | null },
): TotpEnrolment | null {
  if (row.totpId === null || row.waiting === null) return null
  const secret = openTotp(runtime, row.waiting, enrolmentPlace(row.totpId, session))
  return secret && describeEnrolment(runtime, session, secret)
}

export function describeEnrolment(
  runtime: Runtime,
  { user }: ResolvedSession,
  secret: Uint8Array,
): TotpEnrolment {
  return {
    uri: createOtpauthUri(secret, { issuer: runtime.appName, label: user.email }),
    key: formatTotpSecret(secret),
  }
}
