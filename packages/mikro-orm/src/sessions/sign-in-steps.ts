import { Impossible } from '@sigra/core'
import type { AccountPage, AccountPaths } from '../account-paths.ts'
import type { AreaOutcome, AreaStepName } from '../areas.ts'
import type { AreaStep, DoorStep } from '../door/door-step.ts'
import type { Policy } from '../policy.ts'

/** Every step that a sign-in can wait for, areas' included, in the door's order: the first that is missing is asked for. */
export const stepNames = ['second-factor', 'enrolment', 'password-change', 'reactivation', 'consent'] as const

/** What a pending sign-in waits for before it is a session. */
export type Awaiting = (typeof stepNames)[number]

/** Those of accounts. */
export type OwnStep = Exclude<Awaiting, AreaStepName>

/** What goes with each of accounts. When one is missing, `next-step.ts` says; areas say both of theirs. */
export const doorSteps = {
  'second-factor': {
    outcome: 'second-factor-required',
    page: 'mfa',
    minutes: ({ pendingSession }: Policy) => pendingSession.secondFactorMinutes,
  },
  enrolment: {
    outcome: 'second-factor-enrolment-required',
    page: 'mfaEnroll',
    minutes: ({ pendingSession }: Policy) => pendingSession.enrolmentMinutes,
  },
  'password-change': {
    outcome: 'password-change-required',
    page: 'changePassword',
    minutes: ({ pendingSession }: Policy) => pendingSession.passwordChangeMinutes,
  },
  reactivation: {
    outcome: 'reactivation-required',
    page: 'reactivation',
    minutes: ({ pendingSession }: Policy) => pendingSession.reactivationMinutes,
  },
  consent: {
    outcome: 'consent-required',
    page: 'consent',
    minutes: ({ pendingSession }: Policy) => pendingSession.consentMinutes,
  },
} as const satisfies Record<OwnStep, DoorStep>

type NamedStep = DoorStep & { name: string }

/** Whatever knows the areas of an app. */
interface WithAreas {
  readonly areas: readonly { readonly steps?: readonly AreaStep[] }[]
}

/** Every page on which a step of accounts is done. */
export const stepPages: readonly AccountPage[] = Object.values(doorSteps).map(({ page }) => page)

/** What the door says of somebody it let through: to a full session, or to the step it still asks for. */
export type SignInStage = 'signed-in' | (typeof doorSteps)[OwnStep]['outcome'] | AreaOutcome

/** The steps that an app has, in the door's order. */
export function stepsOf({ areas }: WithAreas): readonly NamedStep[] {
  const own = Object.entries<DoorStep>(doorSteps).map(([name, step]) => ({ ...step, name }))
  const all = [...own, ...areas.flatMap(({ steps = [] }) => steps)]
  return all.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/**
 * What a session that waits for `awaiting`, or is a full one, is the outcome of.
 *
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` for a step of an area that is not there.
 */
export function outcomeOf(app: WithAreas, awaiting: Awaiting | null): SignInStage {
  if (awaiting === null) return 'signed-in'
  const outcome = stepsOf(app).find(({ name }) => name === awaiting)?.outcome
  if (outcome !== undefined && isStage(app, outcome)) return outcome
  throw new Impossible(`no area brings the step ${awaiting}`)
}

/** The step that an outcome asks for; `null` where somebody is in. */
export function awaitedBy(app: WithAreas, outcome: SignInStage): Awaiting | null {
  const name = stepsOf(app).find((step) => step.outcome === outcome)?.name
  return name !== undefined && isAwaiting(app, name) ? name : null
}

/** Where a step is done; for one of an area that is not there, where people begin anew. */
export function stepPath(app: WithAreas & { readonly paths: AccountPaths }, awaiting: Awaiting): string {
  const step = stepsOf(app).find(({ name }) => name === awaiting)
  return step === undefined ? app.paths.logIn : pathOf(app, step)
}

/** Where the steps of an app are done. */
export function stepPaths(app: WithAreas & { readonly paths: AccountPaths }): readonly string[] {
  return stepsOf(app).map((step) => pathOf(app, step))
}

function pathOf({ paths }: { readonly paths: AccountPaths }, { page, below = '' }: DoorStep): string {
  return paths[page] + below
}

/** One that no place is written down for comes last. */
function placeOf({ name }: NamedStep): number {
  const place = stepNames.findIndex((step) => step === name)
  return place === -1 ? stepNames.length : place
}

// The unions hold the names of every area that `areas.ts` lists: what an app has is one of them.

function isStage(app: WithAreas, outcome: string): outcome is SignInStage {
  return stepsOf(app).some((step) => step.outcome === outcome)
}

function isAwaiting(app: WithAreas, name: string): name is Awaiting {
  return stepsOf(app).some((step) => step.name === name)
}
