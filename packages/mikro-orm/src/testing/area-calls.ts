import { oauthRaceSubjects } from './oauth/race-subjects.ts'
import { organizationFlowCalls } from './organizations/flow-calls.ts'
import { organizationHeldCalls } from './organizations/held-calls.ts'
import { organizationRaceSubjects } from './organizations/race-subjects.ts'
import { passkeyFlowCalls, passkeyIdleCalls, passkeyUnlimitedCalls } from './passkeys/flow-calls.ts'
import { passkeyHeldCalls } from './passkeys/held-calls.ts'
import { passkeySteps } from './passkeys/model-steps.ts'
import { passkeyRaceSubjects } from './passkeys/race-subjects.ts'

// What tests of all flows call of areas. A new one is added here and in `test-areas.ts`.

export const areaHeldCalls = { ...passkeyHeldCalls, ...organizationHeldCalls }

export const areaFlowCalls = [...passkeyFlowCalls, ...organizationFlowCalls]

export const areaRaceSubjects = [
  ...passkeyRaceSubjects,
  ...organizationRaceSubjects,
  ...oauthRaceSubjects,
] as const

/** What the model does with areas, beside everything of accounts. */
export const areaSteps = passkeySteps

/** Calls that may write without a bucket, each with its reason. */
export const areaUnlimitedCalls: Readonly<Record<string, string>> = passkeyUnlimitedCalls

/** Calls that are over before there is anything to charge for, each with its reason. */
export const areaIdleCalls: Readonly<Record<string, string>> = passkeyIdleCalls
