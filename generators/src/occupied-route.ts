import { type EntityItem, entityFile, entityTestFile } from './entity-items.ts'
import { UsageInvalid } from './errors.ts'
import { createRenamer } from './names.ts'
import { readHostText } from './plan/host-files.ts'
import type { Project } from './project.ts'
import { accountPaths, renderRouteFiles, routeFile, withoutEnding } from './route-items.ts'
import { rulesOf } from './rules.ts'
import type { RouteItem } from './state.ts'
import { loadTemplate } from './template.ts'

/** What React Router may find under one name. It tells routes apart by their file without the ending. */
const endings = ['.tsx', '.ts', '.jsx', '.js']

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
  const renamer = createRenamer(intent.names, rulesOf(loadTemplate()).features)
  const [[, page] = []] = renderRouteFiles(route, intent, renamer)
  for (const path of endings.map((ending) => withoutEnding(own) + ending)) {
    const text = await readHostText(root, path)
    if (text === null || (path === own && text === page)) continue
    throw new UsageInvalid(
      `${path} is there already and was not made by sigra:route; choose another name than “${route.name}”, or move the file.`,
    )
  }
}

/** The same for an entity, and for its test. @throws {UsageInvalid} naming the file. */
export async function refuseOccupiedEntity({ root, lock }: Project, item: EntityItem): Promise<void> {
  for (const path of [entityFile(item), entityTestFile(item)]) {
    if (lock.files[path] !== undefined || (await readHostText(root, path)) === null) continue
    throw new UsageInvalid(
      `${path} is there already and was not made by sigra:entity; choose another name than “${item.name}”, or move the file.`,
    )
  }
}
