import { manifestsOf, type OptionalFeature } from './features.ts'
import { createRenamer, type Names } from './names.ts'

/** Tables that stay when a feature leaves, by the names they have in this app. */
export function tablesOf(wanted: readonly OptionalFeature[], names: Names): string[] {
  const { sql } = createRenamer(names)
  return manifestsOf(wanted).flatMap(({ tables }) => tables.map(sql))
}
