import type { AccountPage } from '../account-paths.ts'
import type { Sql } from '../database/sql.ts'
import type { Policy } from '../policy.ts'
import type { Proven } from './proof-method.ts'

/** A step that a sign-in can wait for before it is a session. */
export interface DoorStep {
  /** What flows answer while it is missing. */
  outcome: string
  /** Where it is done. */
  page: AccountPage
  /** What stands below that page for it: `/quiz`. @default the page itself */
  below?: string
  /** How long a sign-in waits for it. */
  minutes(policy: Policy): number
}

/** A rule by which a step is missing, over a row of `factorsOf`, named `u`, with `is_trusted`. */
export interface StepRule {
  applies: Sql
  /** For the audit log. Public: added, never renamed. */
  name: Sql
}

/** A step that an area asks for. Its place in the door's order stands in `sessions/sign-in-steps.ts`; else it is the last. */
export interface AreaStep extends DoorStep {
  name: string
  /** The first that applies counts. */
  missing(proof: Proven): readonly StepRule[]
}
