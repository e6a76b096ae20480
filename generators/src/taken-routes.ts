import { renderFrom, shippedArchive, type Render } from './archive.ts'
import { UsageInvalid } from './errors.ts'
import { accountPaths, organizationPages, routeFile, routePaths, withoutEnding } from './route-items.ts'
import type { State } from './state.ts'

/**
 * A page of one's own gets neither the file nor the path of another: the one that was there would be replaced, and two
 * routes of one file keep React Router from loading at all.
 *
 * @throws {UsageInvalid} naming the page.
 */
export function refuseTakenRoutes(state: State, render: Render = renderFrom(shippedArchive)): void {
  if (state.routes.length === 0) return
  const generated = render({ ...state, routes: [], entities: [] })
  const paths = new Set([
    ...routePaths(generated.get('app/sigra.routes.ts')?.text ?? ''),
    ...accountPaths(generated.get('app/paths.ts')?.text ?? ''),
  ])
  const taken = new Map([...generated.keys()].map((path) => [withoutEnding(path), 'a generated page']))
  const pages = organizationPages(generated.get('app/organizations/routes.ts')?.text ?? '')
  for (const route of state.routes) {
    const place = withoutEnding(routeFile(route))
    const isOurs = route.guard === 'member' ? pages.has(route.name) : isTaken(route.name, paths)
    const owner = isOurs ? 'a generated page' : taken.get(place)
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
