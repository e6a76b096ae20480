import { ConfigInvalid } from '@sigra/core'
import type { Bucket, Policy } from './policy.ts'
import { fastestRefill, refillsTooFast } from './policy-setting.ts'

/**
 * Refuses values that are fine alone and not beside another one.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a bucket that refills too fast, a time that another one cuts off,
 *   or a sweep that would forget what still counts.
 */
export function refuseContradictions(policy: Policy, standard: Policy): void {
  refuseFastBuckets(policy.limits, standard.limits, 'policy.limits')
  const { password, session, deletion, failedPasswords, secondFactorCodes, limits, audit } = policy
  requireOrder('policy.password.minLength', password.minLength, 'maxLength', password.maxLength)
  requireOrder('policy.session.idleHours', session.idleHours, 'absoluteDays', session.absoluteDays * 24)
  requireOrder(
    'policy.session.rememberedIdleDays',
    session.rememberedIdleDays,
    'rememberedAbsoluteDays',
    session.rememberedAbsoluteDays,
  )
  requireOrder('policy.session.touchMinutes', session.touchMinutes, 'idleHours', session.idleHours * 60)
  requireOrder('policy.deletion.reminderDays', deletion.reminderDays, 'graceDays', deletion.graceDays)
  const { firstWaitSeconds, longestWaitSeconds, backOffFrom, refuseAt } = failedPasswords
  requireOrder(
    'policy.failedPasswords.firstWaitSeconds',
    firstWaitSeconds,
    'longestWaitSeconds',
    longestWaitSeconds,
  )
  requireOrder('policy.failedPasswords.backOffFrom', backOffFrom, 'refuseAt', refuseAt)
  const { backOffFrom: codesFrom, refuseAt: codesAt } = secondFactorCodes
  requireOrder('policy.secondFactorCodes.backOffFrom', codesFrom, 'refuseAt', codesAt)
  const DAY_SECONDS = 86_400 // of `export.perDay` and `emailChange.perDay`
  const counted = [
    DAY_SECONDS,
    failedPasswords.forgetHours * 3600,
    longestWaitSeconds,
    audit.repeatWindowSeconds,
  ]
  refuseEarlySweep(
    policy,
    listBuckets(limits, '').map(([, bucket]) => bucket),
    counted,
  )
}

/**
 * Refuses a bucket that refills more than twenty times as fast as its default.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first.
 */
export function refuseFastBuckets(policy: object, standard: object, path: string): void {
  const standardBuckets = new Map(listBuckets(standard, path))
  for (const [name, bucket] of listBuckets(policy, path)) {
    const usual = standardBuckets.get(name) ?? bucket
    if (!refillsTooFast(bucket, usual)) continue
    throw new ConfigInvalid(`${name} must not refill faster than ${fastestRefill(usual)}`)
  }
}

/**
 * Refuses a sweep that would forget what still counts.
 *
 * @param alsoSeconds What counts beside buckets.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` saying after how long it may come.
 */
export function refuseEarlySweep(
  { limits }: Policy,
  buckets: readonly Bucket[],
  alsoSeconds: readonly number[] = [],
): void {
  const counted = Math.max(...buckets.map(({ perSeconds }) => perSeconds), ...alsoSeconds)
  if (limits.sweepAfterHours * 3600 > counted) return
  throw new ConfigInvalid(
    `policy.limits.sweepAfterHours must be more than ${counted / 3600} hours: limits count for that long`,
  )
}

/** A smaller value than `other`, in the same unit, or it would have no effect. Whoever set `other` alone is told what to set, too. */
function requireOrder(name: string, value: number, other: string, most: number): void {
  if (value <= most) return
  throw new ConfigInvalid(
    `${name} is ${value}, more than ${other} leaves room for: set it to ${most} or less`,
  )
}

/** Every bucket of a tree, with its path. */
export function listBuckets(limits: object, path: string): [string, Bucket][] {
  return Object.entries(limits).flatMap(([key, value]: [string, unknown]): [string, Bucket][] => {
    const name = `${path}.${key}`
    if (isBucket(value)) return [[name, value]]
    return typeof value === 'object' && value !== null ? listBuckets(value, name) : []
  })
}

function isBucket(value: unknown): value is Bucket {
  return typeof value === 'object' && value !== null && 'capacity' in value && 'perSeconds' in value
}
