import { join, sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import { type OwnStep, stepsOf } from '../sessions/sign-in-steps.ts'
import type { StepRule } from './door-step.ts'
import { isChallenged } from './factors.ts'
import type { Proof } from './proof.ts'

/** What is still missing before the session is a full one, over a row of `factorsOf` with `is_trusted`; null for nothing. */
export function nextStep(app: Pick<Runtime, 'areas'>, proof: Proof): Sql {
  return firstMissing(app, proof, ({ step }) => sql`${step}::text`)
}

/** Why, for the audit log: the name of the rule that asks for what `nextStep` says. */
export function nextRule(app: Pick<Runtime, 'areas'>, proof: Proof): Sql {
  return firstMissing(app, proof, ({ name }) => name)
}

function firstMissing(
  app: Pick<Runtime, 'areas'>,
  proof: Proof,
  then: (rule: { step: string; name: Sql }) => Sql,
): Sql {
  const ofAreas = app.areas.flatMap(({ steps = [] }) => steps)
  const rules = new Map<string, readonly StepRule[]>([
    ...Object.entries(rulesOf(proof)),
    ...ofAreas.map(({ name, missing }) => [name, missing(proof)] as const),
  ])
  const cases = stepsOf(app).flatMap(({ name: step }) =>
    (rules.get(step) ?? []).map(({ applies, name }) => sql`when ${applies} then ${then({ step, name })}`),
  )
  return sql`case ${join(cases, sql` `)} end`
}

/**
 * When each step of accounts is missing. Whoever is obliged needs backup codes too, or a lost device would be a lock-out; they are
 * given out to two factors only, so that a trusted browser does not do there.
 */
function rulesOf({ aal }: Proof): Readonly<Record<OwnStep, readonly StepRule[]>> {
  const isOneFactor = sql`${aal}::int < 2`
  return {
    'second-factor': [
      {
        applies: sql`${isOneFactor} and ${isChallenged} and not (is_trusted and (has_codes or not obliged))`,
        name: sql`case when is_trusted then 'no-backup-codes' when has_totp then 'totp' else area_factors[1] || '-and-required' end`,
      },
    ],
    enrolment: [
      { applies: sql`${isOneFactor} and not ${isChallenged} and obliged`, name: sql`obliged_by` },
      { applies: sql`obliged and not has_codes`, name: sql`'no-backup-codes'` },
    ],
    'password-change': [{ applies: sql`must_change_password`, name: sql`'must-change-password'` }],
    reactivation: [{ applies: sql`delete_after is not null`, name: sql`'deletion-scheduled'` }],
    consent: [{ applies: sql`must_consent`, name: sql`'new-document'` }],
  }
}
