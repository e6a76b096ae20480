import type { NodePlopAPI } from 'plop'
import { UsageInvalid } from './errors.ts'
import { guardMeanings, guards, parseGuard, type Guard } from './guards.ts'
import { refuseMovedTo, refuseOccupiedFile } from './occupied-route.ts'
import { applyPlan, resumeApply } from './plan/apply-plan.ts'
import { describePlan } from './plan/describe-plan.ts'
import { planProject, readProject } from './project.ts'
import { checkRouteName, createState, type RouteItem, type State } from './state.ts'
import { refuseTakenRoutes } from './taken-routes.ts'

/**
 * What `npx plop` lists in a host, whose `plopfile.js` loads this. Each generator changes what is wanted and lets the
 * engine plan and apply it: plop's own `add`, `append` and `modify` would write at once, twice on a second run, and
 * outside the app if a path says so.
 */
// oxlint-disable-next-line import/no-default-export -- plop calls the default export of a plopfile
export default function sigraGenerators(plop: NodePlopAPI): void {
  let wanted: State | null = null

  plop.setActionType('sigra:add-route', async (answers) => {
    const route = readRoute(answers)
    wanted = await addRoute(plop.getDestBasePath(), route)
    return `/${route.name} for ${guardMeanings[route.guard]}`
  })
  plop.setActionType('sigra:remove-route', async (answers) => {
    const name = nameIn(answers)
    wanted = await removeRoute(plop.getDestBasePath(), name)
    return `/${name} is taken back`
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
  const isRemoval = process.argv.includes('--remove') // plop leaves flags it does not know alone
  plop.setGenerator('sigra:route', {
    description: 'Add a page, open to everybody or guarded; with --remove take one back',
    prompts: isRemoval ? [whichPage] : [newPage(plop), guardQuestion],
    actions: [
      { type: isRemoval ? 'sigra:remove-route' : 'sigra:add-route', abortOnFail: true },
      { type: 'sigra:apply' },
    ],
  })
}

function newPage(plop: NodePlopAPI) {
  return {
    type: 'input' as const,
    name: 'name',
    message: 'Path of the page (projects, reports/monthly):',
    validate: (name: unknown) =>
      problemOf(() => addRoute(plop.getDestBasePath(), { name: pathOf(name), guard: 'user' })),
  }
}

const whichPage = { type: 'input' as const, name: 'name', message: 'Path of the page to take back:' }

/** What is wanted with one page less. @throws {UsageInvalid} naming the pages there are. */
async function removeRoute(root: string, name: string): Promise<State> {
  const { intent } = await readProject(root)
  const routes = intent.routes.filter((route) => route.name !== name)
  if (routes.length < intent.routes.length) return createState({ ...intent, routes })
  const known = intent.routes.map((route) => route.name).join(', ')
  throw new UsageInvalid(
    `“${name}” was not made by sigra:route${known === '' ? '; no page was.' : `. These were: ${known}.`}`,
  )
}

const guardQuestion = {
  type: 'list' as const,
  name: 'guard',
  message: 'Who may see it?',
  choices: guards.map((value) => ({ name: guardMeanings[value], value })),
  bypass: String, // plop's own reading of a word on the command line keeps the choices to itself
  validate: (guard: unknown) => problemOf(() => readGuard(guard)),
}

/** What is wanted with one page more; the same page with another guard is changed. @throws {UsageInvalid} */
async function addRoute(root: string, route: RouteItem): Promise<State> {
  checkRouteName(route.name)
  const project = await readProject(root)
  const others = project.intent.routes.filter(({ name }) => name !== route.name)
  const state = createState({ ...project.intent, routes: [...others, route] })
  refuseTakenRoutes(state)
  await refuseMovedTo(project, route)
  await refuseOccupiedFile(project, route)
  return state
}

function readRoute(answers: object): RouteItem {
  return { name: nameIn(answers), guard: readGuard('guard' in answers ? answers.guard : undefined) }
}

function nameIn(answers: object): string {
  return 'name' in answers ? pathOf(answers.name) : ''
}

/** People write the address of a page with its slash. */
function pathOf(name: unknown): string {
  return String(name).replace(/^\/+/u, '')
}

function readGuard(value: unknown): Guard {
  const guard = parseGuard(value)
  if (guard !== null) return guard
  throw new UsageInvalid(`“${String(value)}” is no guard; a page is for ${guards.join(', ')}.`)
}

/** As plop asks: the sentence, or `true` where there is nothing to say. */
async function problemOf(check: () => unknown): Promise<string | true> {
  try {
    await check()
    return true
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
