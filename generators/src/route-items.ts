import { MagicString } from 'magic-string'
import { type EntityItem, subjectOf } from './entity-items.ts'
import { TemplateInvalid } from './errors.ts'
import type { Guard } from './guards.ts'
import { addEntry } from './joint-entries.ts'
import { entityOfPage, renderMemberPage, renderMemberPageTest } from './member-page.ts'
import type { Renamer } from './names.ts'
import type { RouteItem, State } from './state.ts'
import { isNode, parseModule, walk, type SyntaxNode } from './syntax.ts'

/** Where the page of a route lives: `reports/monthly` → `app/routes/reports-monthly.tsx`. */
export function routeFile(route: RouteItem): string {
  return `app/routes/${moduleName(route)}.tsx`
}

/** The files of a route, in the order of their paths: its page, and its test where there is something to promise. */
export function renderRouteFiles(
  route: RouteItem,
  { entities, flags }: Pick<State, 'entities' | 'flags'>,
  renamer: Renamer,
): [path: string, text: string][] {
  const { guard } = route
  if (guard !== 'member') return [[routeFile(route), renderRoute(route, guard, renamer)]]
  const page = {
    route,
    title: titleOf(route),
    component: componentName(route),
    module: moduleName(route),
    entity: entityOfPage(route.name, entities),
  }
  const files: [string, string][] = [[routeFile(route), renderMemberPage(page, flags.id, renamer)]]
  if (page.entity) files.push([`tests/${page.module}.test.ts`, renderMemberPageTest(page, page.entity)])
  return files
}

/** A page to start from, guarded as asked, with the bar of the pages beside it. */
function renderRoute(route: RouteItem, guard: AccountGuard, renamer: Renamer): string {
  const title = titleOf(route)
  const bar = renamer.path('app/accounts/components/app-bar').slice('app/'.length)
  const email = guard === 'anonymous' ? 'null' : 'loaderData.email'
  const props = guard === 'anonymous' ? '' : '{ loaderData }: Route.ComponentProps'
  return `import { AppBar } from '~/${bar}'
import { ${guardNames[guard]} } from '~/sigra.server'
import type { Route } from './+types/${moduleName(route)}'

${loaders[guard]}

export const meta: Route.MetaFunction = () => [{ title: '${title}' }]

export default function ${componentName(route)}(${props}) {
  return (
    <>
      <AppBar email={${email}} />
      <main className="page" id="main">
        <h1>${title}</h1>
        ${bodies[guard]}
      </main>
    </>
  )
}
`
}

/**
 * Adds the routes to the lists of a file: those of an organization stand among its own, and its tabs lead there.
 *
 * @throws {TemplateInvalid} when there is no such list.
 */
export function addRoutes(
  path: string,
  text: string,
  { routes, entities }: Pick<State, 'routes' | 'entities'>,
): string {
  const ofMembers = routes.filter(({ guard }) => guard === 'member')
  const others = routes.filter(({ guard }) => guard !== 'member')
  switch (path) {
    case 'app/sigra.routes.ts':
      return addToList(path, text, others, ({ name }) => `'${name}'`)
    case 'app/organizations/routes.ts':
      return addToList(path, text, ofMembers, ({ name }) => `pathIn(':slug', '/${name}')`)
    case 'app/organizations/tabs.ts':
      return ofMembers.reduceRight((done, route) => addTab(path, done, route, entities), text)
    default:
      return text
  }
}

function addToList(
  path: string,
  text: string,
  routes: readonly RouteItem[],
  spell: (route: RouteItem) => string,
): string {
  if (routes.length === 0) return text
  const last = findList(text).at(-1)
  if (last === undefined) throw new TemplateInvalid(`${path}: its function returns no list to add to.`)
  const indent = ' '.repeat(last.start - text.lastIndexOf('\n', last.start) - 1)
  const lines = routes.map(
    (route) => `,\n${indent}route(${spell(route)}, '${routeFile(route).slice('app/'.length)}')`,
  )
  return new MagicString(text).appendLeft(last.end, lines.join('')).toString()
}

/** What a product has stands before how it is run. */
function addTab(path: string, text: string, route: RouteItem, entities: readonly EntityItem[]): string {
  const entity = entityOfPage(route.name, entities)
  const needs = entity === undefined ? '' : `, needs: '${subjectOf(entity)}:read'`
  return addEntry(
    text,
    path,
    'organizationTabs',
    `{ below: '/${route.name}', label: '${titleOf(route)}'${needs} }`,
    1,
  )
}

/** The paths of accounts, as `app/paths.ts` has them, without the leading slash. */
export function accountPaths(text: string): ReadonlySet<string> {
  const paths = new Set<string>()
  walk(parseModule(text, 'paths.ts')?.program, (node) => {
    const value = node.type === 'ObjectProperty' ? node['value'] : null
    if (isNode(value) && typeof value['value'] === 'string') paths.add(joinPaths([value['value']]))
  })
  return paths
}

/** What the pages of an organization are called, below its path. */
export function organizationPages(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/pathIn\(':slug', '\/([^']+)'\)/gu)].map(([, name = '']) => name))
}

/** Every path that stands in the generated list of routes, without the leading slash. */
export function routePaths(text: string): ReadonlySet<string> {
  const paths = new Set<string>()
  walk(parseModule(text, 'sigra.routes.ts')?.program, (node, parents) => {
    if (calledName(node) !== 'route' || firstArgument(node) === '') return
    const prefixes = parents.filter((parent) => calledName(parent) === 'prefix')
    paths.add(joinPaths([...prefixes, node].map(firstArgument)))
  })
  return paths
}

/** Of pages that belong to no organization. */
type AccountGuard = Exclude<Guard, 'member'>

const guardNames: Record<AccountGuard, string> = {
  user: 'requireUser',
  sudo: 'requireSudo',
  anonymous: 'requireAnonymous',
  none: 'getUser',
}

const loaders: Record<AccountGuard, string> = {
  user: `export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args) // everyone else goes to log-in, and comes back here afterwards
  return { email: user.email }
}`,
  sudo: `export async function loader(args: Route.LoaderArgs) {
  const user = await requireSudo(args) // whoever is signed in proves it again; an action needs the same line
  return { email: user.email }
}`,
  anonymous: `export async function loader(args: Route.LoaderArgs) {
  await requireAnonymous(args) // whoever is signed in goes on
  return null
}`,
  none: `export async function loader(args: Route.LoaderArgs) {
  const user = await getUser(args) // null for whoever is not signed in
  return { email: user?.email ?? null }
}`,
}

const bodies: Record<AccountGuard, string> = {
  user: '<p className="soft">Logged in as {loaderData.email}.</p>',
  sudo: '<p className="soft">Logged in as {loaderData.email}, who has just confirmed it’s them.</p>',
  anonymous: '<p className="soft">Only people who are not logged in see this page.</p>',
  none: '<p className="soft">Everybody sees this page.</p>',
}

function moduleName(route: RouteItem): string {
  return route.name.replaceAll('/', '-')
}

function componentName(route: RouteItem): string {
  const words = route.name.split(/[/-]/u)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function titleOf(route: RouteItem): string {
  const words = route.name.replaceAll(/[/-]/gu, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** In an app that was there before, the second one returns what stands in the frame. */
const lists: ReadonlySet<unknown> = new Set(['sigraRoutes', 'framedRoutes', 'organizationRoutes'])

function findList(text: string): readonly SyntaxNode[] {
  const list: SyntaxNode[] = []
  walk(parseModule(text, 'sigra.routes.ts')?.program, (node, parents) => {
    const argument = node.type === 'ReturnStatement' ? node['argument'] : null
    const isOurs = parents.some((parent) => isNode(parent['id']) && lists.has(parent['id']['name']))
    if (!isOurs || !isNode(argument) || !Array.isArray(argument['elements'])) return
    list.push(...argument['elements'].filter(isNode))
  })
  return list
}

function calledName(node: SyntaxNode): unknown {
  const callee = node.type === 'CallExpression' ? node['callee'] : null
  return isNode(callee) ? callee['name'] : null
}

function firstArgument(call: SyntaxNode): string {
  const [first]: unknown[] = Array.isArray(call['arguments']) ? call['arguments'] : []
  return isNode(first) && typeof first['value'] === 'string' ? first['value'] : ''
}

function joinPaths(parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter((segment) => segment !== '')
    .join('/')
}

/** React Router tells routes apart by their file without the ending. */
export function withoutEnding(path: string): string {
  return path.replace(/\.[a-z]+$/u, '')
}
