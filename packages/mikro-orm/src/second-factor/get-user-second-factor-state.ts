import { milliseconds, sql } from '../database/sql.ts'
import type { Caller } from '../caller.ts'
import { statement } from '../database/transaction.ts'
import { factorsOf, isChallenged, isObligedByPolicy } from '../door/factors.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { readEnrolment, waitingSecret } from './totp-enrolment.ts'
import type { TotpEnrolment } from '../flow-result.ts'

/** What a page about second factors shows. */
export interface SecondFactorState {
  /** The authenticator app that counts. */
  totp: { activatedAt: Date } | null
  /** A seed that waits for its first code, where this very session asked for it. */
  enrolment: TotpEnrolment | null
  /** Names of those that areas bring: `passkey`. */
  areaFactors: readonly string[]
  /** 0 also where there never were any. */
  backupCodesLeft: number
  /** The person asked for a second step. */
  requiresSecondStep: boolean
  /** The app demands one. */
  isObliged: boolean
  /** A sign-in with one factor is asked for another. */
  isActive: boolean
  /** Too many wrong codes: none is looked at. */
  isBlocked: boolean
  /** Sudo was given by a backup code: the lost factor can be replaced or switched off, and nothing else. */
  isRecovery: boolean
  /** For how many days a browser may be trusted; `null` where the app allows none. */
  trustDays: number | null
}

interface StateRow extends Omit<SecondFactorState, 'totp' | 'enrolment' | 'isRecovery' | 'trustDays'> {
  activatedAt: number | null
  totpId: string | null
  waiting: string | null
}

/**
 * Looks at the second factors of the session's user, a pending sign-in's too: nobody sees them before a first factor.
 *
 * @returns `null` without a session.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getUserSecondFactorState = defineFlow(
  {
    name: 'getUserSecondFactorState',
    principal: 'enrolment',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (runtime: Runtime, caller: Caller): Promise<SecondFactorState | null> => {
    const { session } = caller
    if (session === null) return null
    const { tables } = runtime
    const { refuseAt } = runtime.policy.secondFactorCodes
    const [row] = await statement<StateRow>(
      runtime,
      sql`
      select ${milliseconds(sql`f.activated_at`)} as "activatedAt", f.id::text as "totpId", ${waitingSecret} as waiting,
        u.area_factors as "areaFactors", u.require_second_step as "requiresSecondStep",
        ${isObligedByPolicy(runtime)} as "isObliged", ${isChallenged} as "isActive",
        u.failed_second_factor_count >= ${refuseAt} as "isBlocked",
        (select count(*)::int from ${tables.userBackupCode.name} b where b.user_id = u.id and b.used_at is null)
          as "backupCodesLeft"
      from (${factorsOf(runtime, session.userId)}) u
        left join ${tables.userTotp.name} f on f.user_id = u.id`,
    )
    if (!row) return null
    const { activatedAt, totpId, waiting, ...state } = row
    return {
      ...state,
      totp: activatedAt === null ? null : { activatedAt: new Date(activatedAt) },
      enrolment: readEnrolment(runtime, session, { totpId, waiting }),
      isRecovery: session.hasSudo && session.sudoMethod === 'recovery',
      trustDays: runtime.policy.trustedBrowser.enabled ? runtime.policy.trustedBrowser.days : null,
    }
  },
)
