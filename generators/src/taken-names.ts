import type { FeatureParts } from './features/feature-parts.ts'
import type { Names } from './names.ts'
import { rulesOf } from './rules.ts'
import { refuseUnless } from './refuse-unless.ts'
import { checkNames, type State } from './state.ts'
import { loadTemplate, type Template } from './template.ts'

/** Names for a new app: usable, and taken by no feature, whether the app has it or not. @throws {UsageInvalid} */
export function checkNewNames(names: Names): void {
  checkNames(names)
  refuseNamesOf(Object.values(rulesOf(loadTemplate()).features), names)
}

/**
 * Names that an app gets may be taken by no feature of its templates: it may come later. Those it has were free when it got
 * them; a feature that is new to its templates and wants one cannot come to this app, and is no harm as long as it does not.
 *
 * @throws {UsageInvalid}
 */
export function refuseTakenNames(from: State | null, to: State, template: Template): void {
  const { features } = rulesOf(template)
  const isNew = from === null || JSON.stringify(from.names) !== JSON.stringify(to.names)
  const counted = Object.entries(features).filter(
    ([name]) => isNew || to.features.some((feature) => feature === name),
  )
  refuseNamesOf(
    counted.map(([, parts]) => parts),
    to.names,
  )
}

function refuseNamesOf(features: readonly FeatureParts[], { context, entity, table }: Names): void {
  const isTaken = (kind: keyof FeatureParts['reserved'], name: string) =>
    features.some(({ reserved }) => reserved[kind].includes(name))
  refuseUnless(
    !isTaken('entities', entity),
    `“${entity}” is taken by generated code; choose another entity name.`,
  )
  refuseUnless(
    !isTaken('tables', table),
    `“${table}” is taken by another table or route; choose another table name.`,
  )
  refuseUnless(
    !isTaken('contexts', context),
    `“${context}” is taken by a folder of the app; choose another context.`,
  )
}
