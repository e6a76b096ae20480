import type { NodePlopAPI } from 'plop'
import {
  checkEntity,
  entityFile,
  type EntityItem,
  type EntityOwner,
  parseField,
  splitFields,
  tableOf,
} from './entity-items.ts'
import { UsageInvalid } from './errors.ts'
import { guardMeanings, guards, parseGuard, type Guard } from './guards.ts'
import { refuseMovedTo, refuseOccupiedEntity, refuseOccupiedFile } from './occupied-route.ts'
import { applyPlan, resumeApply } from './plan/apply-plan.ts'
import { describePlan } from './plan/describe-plan.ts'
import { planProject, readProject } from './project.ts'
import { checkRouteName, createState, type RouteItem, type State } from './state.ts'
import { refuseTakenEntities } from './taken-entities.ts'
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
  plop.setActionType('sigra:add-entity', async (answers) => {
    const item = readEntity(answers)
    wanted = await addEntity(plop.getDestBasePath(), item)
    return `${entityFile(item)} for ${ownerMeanings[item.owner]}. Next: npx sigra db:migration ${tableOf(item)}`
  })
  plop.setActionType('sigra:remove-entity', async (answers) => {
    const name = nameIn(answers)
    wanted = await removeEntity(plop.getDestBasePath(), name)
    return `${name} is taken back; the next migration drops its table`
  })
  plop.setGenerator('sigra:entity', {
    description: 'Add an entity that belongs to organizations or people; with --remove take one back',
    prompts: isRemoval ? [whichEntity] : [newEntity, ...entityQuestions()],
    actions: [
      { type: isRemoval ? 'sigra:remove-entity' : 'sigra:add-entity', abortOnFail: true },
      { type: 'sigra:apply' },
    ],
  })
}

const ownerMeanings: Readonly<Record<EntityOwner, string>> = {
  organization: 'organizations: read by forOrganization(scope) alone',
  user: 'people, each their own',
}

const newEntity = {
  type: 'input' as const,
  name: 'name',
  message: 'Name of the entity (Project, TeamNote):',
  validate: (name: unknown) =>
    problemOf(() => checkEntity({ name: String(name), owner: 'user', fields: ['name:text'] })),
}

const whichEntity = { type: 'input' as const, name: 'name', message: 'Name of the entity to take back:' }

/** What no flag has said. */
function entityQuestions() {
  const ownerQuestion = {
    type: 'list' as const,
    name: 'owner',
    message: 'To whom do its rows belong?',
    choices: (['organization', 'user'] as const).map((value) => ({ name: ownerMeanings[value], value })),
  }
  const fieldsQuestion = {
    type: 'input' as const,
    name: 'fields',
    message: 'Its fields (name:string(100) done:boolean due:date?):',
    validate: (text: unknown) => problemOf(() => splitFields(String(text)).forEach(parseField)),
  }
  return [
    ...(flaggedFields() === null ? [fieldsQuestion] : []),
    ...(flaggedOwner() === null ? [ownerQuestion] : []),
  ]
}

function readEntity(answers: object): EntityItem {
  const asked = 'owner' in answers && answers.owner === 'user' ? 'user' : 'organization'
  const fields = flaggedFields() ?? ('fields' in answers ? String(answers.fields) : '')
  return { name: nameIn(answers), owner: flaggedOwner() ?? asked, fields: splitFields(fields) }
}

function flaggedOwner(): EntityOwner | null {
  if (process.argv.includes('--organization')) return 'organization'
  return process.argv.includes('--user') ? 'user' : null
}

/** Of `--fields=…`: what stands behind `--fields` as a word of its own is the answer to the second question for plop. */
function flaggedFields(): string | null {
  const flag = '--fields='
  return process.argv.find((word) => word.startsWith(flag))?.slice(flag.length) ?? null
}

/** What is wanted with one entity more; the same one with other fields is changed. @throws {UsageInvalid} */
async function addEntity(root: string, item: EntityItem): Promise<State> {
  checkEntity(item)
  const project = await readProject(root)
  const others = project.intent.entities.filter(({ name }) => name !== item.name)
  const state = createState({ ...project.intent, entities: [...others, item] })
  refuseTakenEntities(state)
  await refuseOccupiedEntity(project, item)
  return state
}

/** What is wanted with one entity less. @throws {UsageInvalid} naming the entities there are. */
async function removeEntity(root: string, name: string): Promise<State> {
  const { intent } = await readProject(root)
  const entities = intent.entities.filter((item) => item.name !== name)
  if (entities.length < intent.entities.length) return createState({ ...intent, entities })
  const known = intent.entities.map((item) => item.name).join(', ')
  throw new UsageInvalid(
    `“${name}” was not made by sigra:entity${known === '' ? '; no entity was.' : `. These were: ${known}.`}`,
  )
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
