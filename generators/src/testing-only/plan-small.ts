import type { Plan } from '../plan/plan.ts'
import { planTransition, type TransitionOptions } from '../plan/plan-transition.ts'
import type { State } from '../state.ts'
import { smallArchive } from './small-app.ts'

/** Plans a transition of the small app. */
export function planSmall(
  root: string,
  from: State | null,
  to: State,
  more: Partial<TransitionOptions> = {},
): Promise<Plan> {
  return planTransition({ root, from, to, archive: smallArchive, ...more })
}
