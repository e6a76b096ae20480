import type { Bucket } from '../policy.ts'
import { bucket, count, minutes, type Settings } from '../policy-setting.ts'

/** Times and numbers of logging in by providers. */
export interface OauthPolicy {
  /** How long somebody may take at the provider. */
  attemptMinutes: number
  /** How many a browser may have begun; one more ends the oldest. */
  attemptsPerBrowser: number
  /** Beginning, and coming back, per client network. */
  attempts: Bucket
}

export const oauthSettings: Settings<OauthPolicy> = {
  attemptMinutes: minutes(10),
  attemptsPerBrowser: count('attempts', 10),
  attempts: bucket(30, 60),
}
