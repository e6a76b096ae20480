import type { NodePlopAPI } from 'plop'
import { applyPlan, resumeApply } from './plan/apply-plan.ts'
import { describePlan } from './plan/describe-plan.ts'
import { planProject, readProject } from './project.ts'
import { checkRouteName, createState, type Guard, type RouteItem, type State } from './state.ts'

/**
 * What `npx plop` lists in a host, whose `plopfile.js` loads this. Each generator changes what is wanted and lets the
 * engine plan and apply it: plop's own `add`, `append` and `modify` would write at once, twice on a second run, and
 * outside the app if a path says so.
 */
// oxlint-disable-next-line import/no-default-export -- plop calls the default export of a plopfile
export default function sigraGenerators(plop: NodePlopAPI): void {
  let wanted: State | null = null

  plop.setActionType('sigra:add-route', async (answers) => {
    const { intent } = await readProject(plop.getDestBasePath())
    wanted = addRoute(wanted ?? intent, readRoute(answers))
    return `${wanted.routes.length} pages of your own`
  })
  plop.setActionType('sigra:apply', async () => {
    const root = plop.getDestBasePath()
    await resumeApply(root)
    const plan = await planProject(await readProject(root), wanted === null ? {} : { to: wanted })
    await applyPlan(plan)
    return `\n${describePlan(plan)}`
  })

  plop.setGenerator('sigra:accounts', {
    description: 'Regenerate the accounts from sigra.json; your edits stay',
    prompts: [],
    actions: [{ type: 'sigra:apply' }],
  })
  plop.setGenerator('sigra:route', {
    description: 'Add a page, open to everybody or guarded',
    prompts: [
      { type: 'input', name: 'name', message: 'Path of the page (projects, reports/monthly):' },
      {
        type: 'list',
        name: 'guard',
        message: 'Who may see it?',
        choices: [
          { name: 'people who are signed in', value: 'user' },
          { name: 'people who are not signed in', value: 'anonymous' },
          { name: 'everybody', value: 'none' },
        ],
      },
    ],
    actions: [{ type: 'sigra:add-route', abortOnFail: true }, { type: 'sigra:apply' }],
  })
}

/** Adds a page to what is wanted; the same page with another guard is changed. @throws {UsageInvalid} */
export function addRoute(state: State, route: RouteItem): State {
  checkRouteName(route.name)
  const others = state.routes.filter(({ name }) => name !== route.name)
  return createState({ ...state, routes: [...others, route] })
}

function readRoute(answers: object): RouteItem {
  const name = 'name' in answers ? String(answers.name).replace(/^\/+/u, '') : ''
  const guard = 'guard' in answers ? answers.guard : undefined
  return { name, guard: readGuard(guard) }
}

function readGuard(value: unknown): Guard {
  return value === 'anonymous' || value === 'none' ? value : 'user'
}
