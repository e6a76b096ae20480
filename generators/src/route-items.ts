import { MagicString } from 'magic-string'
import { TemplateInvalid } from './errors.ts'
import type { Guard } from './guards.ts'
import type { Renamer } from './names.ts'
import type { RouteItem } from './state.ts'
import { isNode, parseModule, walk, type SyntaxNode } from './syntax.ts'

/** Where the page of a route lives: `reports/monthly` → `app/routes/reports-monthly.tsx`. */
export function routeFile(route: RouteItem): string {
  return `app/routes/${moduleName(route)}.tsx`
}

/** A page to start from, guarded as asked, with the bar of the pages beside it. */
export function renderRoute(route: RouteItem, renamer: Renamer): string {
  const title = titleOf(route)
  const bar = renamer.path('app/accounts/components/app-bar').slice('app/'.length)
  const email = route.guard === 'anonymous' ? 'null' : 'loaderData.email'
  const props = route.guard === 'anonymous' ? '' : '{ loaderData }: Route.ComponentProps'
  return `import { AppBar } from '~/${bar}'
import { ${guardNames[route.guard]} } from '~/sigra.server'
import type { Route } from './+types/${moduleName(route)}'

${loaders[route.guard]}

export const meta: Route.MetaFunction = () => [{ title: '${title}' }]

export default function ${componentName(route)}(${props}) {
  return (
    <>
      <AppBar email={${email}} />
      <main className="page" id="main">
        <h1>${title}</h1>
        ${bodies[route.guard]}
      </main>
    </>
  )
}
`
}

/** Adds the routes to the list that `sigraRoutes` returns. @throws {TemplateInvalid} when there is no such list. */
export function addRoutes(text: string, routes: readonly RouteItem[]): string {
  if (routes.length === 0) return text
  const list = findList(text)
  const last = list.at(-1)
  if (last === undefined)
    throw new TemplateInvalid('app/sigra.routes.ts: sigraRoutes returns no list to add to.')
  const indent = ' '.repeat(last.start - text.lastIndexOf('\n', last.start) - 1)
  const lines = routes.map(
    (route) => `,\n${indent}route('${route.name}', '${routeFile(route).slice('app/'.length)}')`,
  )
  return new MagicString(text).appendLeft(last.end, lines.join('')).toString()
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

const guardNames: Record<Guard, string> = {
  user: 'requireUser',
  sudo: 'requireSudo',
  anonymous: 'requireAnonymous',
  none: 'getUser',
}

const loaders: Record<Guard, string> = {
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

const bodies: Record<Guard, string> = {
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
const lists: ReadonlySet<unknown> = new Set(['sigraRoutes', 'framedRoutes'])

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
