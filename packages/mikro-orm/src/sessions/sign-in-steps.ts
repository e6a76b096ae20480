import type { AccountPage } from '../account-paths.ts'
import type { Policy } from '../policy.ts'

/** Every step that a sign-in can wait for, in the door's order: the first that is missing is asked for. */
export const stepNames = ['second-factor', 'enrolment', 'password-change'] as const

/** What a pending sign-in waits for before it is a session. */
export type Awaiting = (typeof stepNames)[number]

interface DoorStep {
  /** What flows answer while it is missing. */
  outcome: string
  /** Where it is done. */
  page: AccountPage
  /** How long a sign-in waits for it. */
  minutes(policy: Policy): number
}

/** What goes with each. When one is missing, `next-step.ts` says. */
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
} as const satisfies Record<Awaiting, DoorStep>

/** Every page on which a step is done. */
export const stepPages: readonly AccountPage[] = stepNames.map(stepPage)

/** What the door says of somebody it let through: to a full session, or to the step it still asks for. */
export type SignInStage = 'signed-in' | (typeof doorSteps)[Awaiting]['outcome']

/** What a session that waits for `awaiting`, or is a full one, is the outcome of. */
export function outcomeOf(awaiting: Awaiting | null): SignInStage {
  return awaiting === null ? 'signed-in' : doorSteps[awaiting].outcome
}

/** The step that an outcome asks for; `null` where somebody is in. */
export function awaitedBy(outcome: SignInStage): Awaiting | null {
  return stepNames.find((step) => doorSteps[step].outcome === outcome) ?? null
}

/** Where a step is done. */
export function stepPage(awaiting: Awaiting): AccountPage {
  return doorSteps[awaiting].page
}
