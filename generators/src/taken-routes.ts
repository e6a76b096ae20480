import { renderArchived, type Render } from './archive.ts'
import { UsageInvalid } from './errors.ts'
import { readHostText } from './plan/host-files.ts'
import type { Project } from './project.ts'
import { accountPaths, renderRoute, routeFile, routePaths } from './route-items.ts'
import type { RouteItem, State } from './state.ts'

/** What React Router may find under one name. It tells routes apart by their file without the ending. */
const endings = ['.tsx', '.ts', '.jsx', '.js']

/**
 * A page of one's own gets neither the file nor the path of another: the one that was there would be replaced, and two
 * routes of one file keep React Router from loading at all.
 *
 * @throws {UsageInvalid} naming the page.
 */
export function refuseTakenRoutes(state: State, render: Render = renderArchived): void {
  if (state.routes.length === 0) return
  const generated = render({ ...state, routes: [] })
  const paths = new Set([
    ...routePaths(generated.get('app/sigra.routes.ts')?.text ?? ''),
    ...accountPaths(generated.get('app/paths.ts')?.text ?? ''),
  ])
  const taken = new Map([...generated.keys()].map((path) => [withoutEnding(path), 'a generated page']))
  for (const route of state.routes) {
    const place = withoutEnding(routeFile(route))
    const owner = isTaken(route.name, paths) ? 'a generated page' : taken.get(place)
    if (owner !== undefined) {
      throw new UsageInvalid(
        `“${route.name}” is taken by ${owner}; choose another name for a page of your own.`,
      )
    }
    taken.set(place, `your page “${route.name}”`)
  }
}

/**
 * Whether a path is one of ours, stands above one, or below what is ours alone: everything under the accounts' own
 * path is answered as theirs, and a page under the mailbox's would be gone in production.
 */
function isTaken(name: string, paths: ReadonlySet<string>): boolean {
  const [first] = name.split('/')
  const shared = [...paths].filter((path) => path.includes('/')).map((path) => path.split('/')[0])
  return paths.has(name) || shared.includes(first)
}

/** The pages of accounts may have been moved by an edit. @throws {UsageInvalid} naming the page. */
export async function refuseMovedTo({ root }: Project, { name }: RouteItem): Promise<void> {
  const paths = accountPaths((await readHostText(root, 'app/paths.ts')) ?? '')
  const owner = [...paths].find((path) => name === path || name.startsWith(`${path}/`))
  if (owner === undefined) return
  throw new UsageInvalid(
    `“${name}” is taken: app/paths.ts has a page of accounts at /${owner}. Choose another name for a page of your own.`,
  )
}

/** A file that nobody made with `sigra:route` is somebody's own work. @throws {UsageInvalid} naming the file. */
export async function refuseOccupiedFile({ root, intent, lock }: Project, route: RouteItem): Promise<void> {
  const own = routeFile(route)
  if (lock.files[own] !== undefined) return
  for (const path of endings.map((ending) => withoutEnding(own) + ending)) {
    const text = await readHostText(root, path)
    if (text === null || (path === own && text === renderRoute(route, intent.names))) continue
    throw new UsageInvalid(
      `${path} is there already and was not made by sigra:route; choose another name than “${route.name}”, or move the file.`,
    )
  }
}

function withoutEnding(path: string): string {
  return path.replace(/\.[a-z]+$/u, '')
}
