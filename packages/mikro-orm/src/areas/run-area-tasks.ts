import { defineFlow } from '../flows/define-flow.ts'
import { checkDomains } from '../organizations/check-domains.ts'
import { createTxtLookup } from '../organizations/look-up-txt.ts'
import type { Runtime } from '../runtime.ts'
import { areaNames } from './area-names.ts'

/** What the worker does it with. */
export interface AreaTaskOptions {
  /** Name servers, each with its port where that is not 53; `null`: those of the machine. */
  dnsServers: readonly string[] | null
}

type Task = (runtime: Runtime, options: AreaTaskOptions) => Promise<object>

/** What is to be looked after every few minutes, and concerns no single request. A new area that has something adds a line. */
const tasks: Readonly<Record<string, Task>> = {
  organizations: (runtime, { dnsServers }) =>
    checkDomains(runtime, { lookUpTxt: createTxtLookup(dnsServers) }),
}

/**
 * Runs what every area that the app has looks after.
 *
 * @returns What each came to, by the name of its area.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const runAreaTasks = defineFlow(
  {
    name: 'runAreaTasks',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, options: AreaTaskOptions): Promise<Record<string, object>> => {
    const done: Record<string, object> = {}
    for (const name of areaNames(runtime.areas)) {
      const task = tasks[name]
      if (task) done[name] = await task(runtime, options)
    }
    return done
  },
)
