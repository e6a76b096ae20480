import { posix } from 'node:path'
import { renderFrom, shippedArchive, type Render } from './archive.ts'
import { entityFile, entityTestFile, tableOf } from './entity-items.ts'
import { UsageInvalid } from './errors.ts'
import { createRenamer } from './names.ts'
import { rulesOf } from './rules.ts'
import type { State } from './state.ts'
import { loadTemplate } from './template.ts'

/**
 * An entity of one's own gets neither the name nor the table of another, of a feature that may come later least of all.
 *
 * @throws {UsageInvalid} naming it.
 */
export function refuseTakenEntities(state: State, render: Render = renderFrom(shippedArchive)): void {
  if (state.entities.length === 0) return
  const generated = [...render({ ...state, routes: [], entities: [] }).keys()]
  const { features } = rulesOf(loadTemplate())
  const { sql } = createRenamer(state.names, features)
  const entities = new Set(generated.filter((path) => path.includes('/entities/')).map(nameOf))
  const reserved = Object.values(features)
  const tables = new Set(
    reserved.flatMap((feature) => [...feature.tables, ...feature.reserved.tables]).map(sql),
  )
  for (const item of state.entities) {
    const isReserved = reserved.some((feature) => feature.reserved.entities.includes(item.name))
    const isTaken = isReserved || item.name === state.names.entity || entities.has(nameOf(entityFile(item)))
    if (isTaken || tables.has(tableOf(item)) || generated.includes(entityTestFile(item)))
      throw new UsageInvalid(
        `“${item.name}” is taken by generated code; choose another name for an entity of your own.`,
      )
  }
}

function nameOf(path: string): string {
  return posix.basename(path, '.ts')
}
