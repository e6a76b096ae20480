import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { chargeTarget } from '../limits/charge-target.ts'
import type { Guess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'

/** One bucket for every kind of code of a user, wherever it is typed. @returns `null` when a try is granted. */
export async function chargeSecondFactor(
  runtime: Runtime,
  caller: Caller,
  userId: UserId,
  guess: Guess,
): Promise<Limited | null> {
  const bucket = runtime.policy.limits.target.secondFactor
  return chargeTarget(runtime, caller, { name: 'second-factor.account', subject: userId, bucket }, guess)
}
