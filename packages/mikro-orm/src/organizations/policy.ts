import type { Bucket } from '../policy.ts'
import { bucket, count, days, type Settings } from '../policy-setting.ts'

/** Times and numbers of organizations. */
export interface OrganizationsPolicy {
  /** How many somebody may be an owner of, their personal one aside. */
  maxOwned: number
  /** How long a former slug leads to its organization, and is nobody else's. */
  formerSlugDays: number
  /** How many members a page of them has. */
  membersPerPage: number
  /** Of one person. */
  creations: Bucket
  slugChanges: Bucket
  /** Everything else that one person changes in organizations. */
  changes: Bucket
}

const HOUR = 3600
const DAY = 24 * HOUR

export const organizationsSettings: Settings<OrganizationsPolicy> = {
  maxOwned: count('organizations', 20, { to: 1000 }),
  formerSlugDays: days(30),
  membersPerPage: count('members', 50),
  creations: bucket(5, HOUR),
  slugChanges: bucket(5, DAY),
  changes: bucket(300, HOUR),
}
