import type { OptionalFeature } from './features.ts'
import { partsOf } from './features/feature-parts.ts'
import { createRenamer, type Names } from './names.ts'
import { rulesOf } from './rules.ts'
import { loadTemplate, type Template } from './template.ts'

/** Tables that stay when a feature leaves, by the names they have in this app. @param template @default that of this version */
export function tablesOf(
  wanted: readonly OptionalFeature[],
  names: Names,
  template: Template = loadTemplate(),
): string[] {
  const { features } = rulesOf(template)
  const { sql } = createRenamer(names, features)
  return partsOf(features, wanted).flatMap(({ tables }) => tables.map(sql))
}
