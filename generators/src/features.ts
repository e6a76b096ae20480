import { PreconditionFailed } from './errors.ts'
import type { FeatureManifest } from './features/define-feature.ts'
import { optionalFeatures as known } from './features/list.ts'

/** A feature an app can do without. */
export type OptionalFeature = (typeof known)[number]['name']

/** What can be switched on. */
export type Feature = 'accounts' | OptionalFeature

/** Features an app can do without, with everything that is theirs. */
export const optionalFeatures: readonly FeatureManifest<OptionalFeature>[] = known

/** All that are known, in the order files list them. Everything else needs the first one. */
export const features: readonly Feature[] = ['accounts', ...optionalFeatures.map(({ name }) => name)]

/** What an app has where nobody says otherwise: a feature is not in it by being known. */
export const defaultFeatures: readonly Feature[] = [
  'accounts',
  ...optionalFeatures.filter(({ isDefault }) => isDefault).map(({ name }) => name),
]

export function isOptionalFeature(name: string): name is OptionalFeature {
  return optionalFeatures.some((feature) => feature.name === name)
}

/**
 * The same features, each once, in one order everywhere.
 *
 * @throws {PreconditionFailed} for one without what it needs, naming both.
 */
export function sortFeatures(wanted: readonly Feature[]): readonly Feature[] {
  for (const { name, needs } of optionalFeatures) {
    const missing = ['accounts', ...needs].find((need) => !wanted.some((feature) => feature === need))
    if (!wanted.includes(name) || missing === undefined) continue
    throw new PreconditionFailed(
      `${name} needs ${missing}, which is not among the features: add ${missing}, or leave ${name} out.`,
    )
  }
  return features.filter((feature) => wanted.includes(feature))
}

/** The features among those named. */
export function manifestsOf(wanted: readonly string[]): readonly FeatureManifest<OptionalFeature>[] {
  return optionalFeatures.filter(({ name }) => wanted.includes(name))
}
