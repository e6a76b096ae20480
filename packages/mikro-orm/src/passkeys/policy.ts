import type { Bucket, PolicyEntry } from '../policy.ts'
import { bucket, count, flag, minutes, type Settings } from '../policy-setting.ts'
import { listEntries } from '../policy-tree.ts'

/** Times and numbers of passkeys. */
export interface PasskeysPolicy {
  /** The log-in page offers a passkey first, where one was used in the browser before. */
  primary: boolean
  /** After a log-in by password a page offers to add one, once per browser, to who has none. */
  offer: boolean
  challengeMinutes: number
  maxPerUser: number
  /** Ceremonies per client network. */
  ceremonies: Bucket
}

export const passkeysSettings: Settings<PasskeysPolicy> = {
  primary: flag(true),
  offer: flag(true),
  challengeMinutes: minutes(5),
  maxPerUser: count('passkeys', 10),
  ceremonies: bucket(20, 60),
}

/** Every setting, in its order. */
export function listPasskeysPolicy(): PolicyEntry[] {
  return listEntries(passkeysSettings)
}
