import { areaNames } from '../areas/area-names.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { runOrganizationDeletions } from '../organizations/run-organization-deletions.ts'
import type { Runtime } from '../runtime.ts'
import type { DeletionRun } from './delete-each-due.ts'

/** What is deleted by a date of its own, and not with an account. A new area that has such rows adds a line. */
const runs: Readonly<Record<string, (runtime: Runtime) => Promise<DeletionRun>>> = {
  organizations: runOrganizationDeletions,
}

/**
 * Runs the deletions of every area that the app has.
 *
 * @returns What each came to, by the name of its area.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const runAreaDeletions = defineFlow(
  {
    name: 'runAreaDeletions',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime): Promise<Record<string, DeletionRun>> => {
    const done: Record<string, DeletionRun> = {}
    for (const name of areaNames(runtime.areas)) {
      const run = runs[name]
      if (run) done[name] = await run(runtime)
    }
    return done
  },
)
