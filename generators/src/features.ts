import { UsageInvalid } from './errors.ts'
import { createRenamer, type Names } from './names.ts'

/** What can be switched on. More come with their own templates. */
export type Feature = 'accounts' | 'passkeys'

/** What belongs to a feature and cannot say so in a comment of its own. */
export interface FeatureParts {
  /** One line for help and questions. */
  summary: string
  /** Tables in the snapshot of the database, by their default names. */
  tables: readonly string[]
  /** Packages that are listed only with it. */
  packages: readonly string[]
}

/** A feature an app can do without. */
export type OptionalFeature = Exclude<Feature, 'accounts'>

/** In the order files list them. Everything else needs the first one; where nobody says otherwise an app has all. */
export const features: readonly Feature[] = ['accounts', 'passkeys']

/** Features that `sigra add` and `sigra remove` know, with what is theirs. */
export const optionalFeatures: Readonly<Record<OptionalFeature, FeatureParts>> = {
  passkeys: {
    summary: 'Log in with a passkey, alone or as a second step.',
    tables: ['user_passkeys', 'webauthn_spent_challenges'],
    packages: ['@simplewebauthn/browser'],
  },
}

/** Tables that stay when a feature leaves, by the names they have in this app. */
export function tablesOf(wanted: readonly OptionalFeature[], names: Names): string[] {
  const { sql } = createRenamer(names)
  return wanted.flatMap((feature) => optionalFeatures[feature].tables.map(sql))
}

/** The same features, each once, in one order everywhere. @throws {UsageInvalid} for one without its ground. */
export function sortFeatures(wanted: readonly Feature[]): readonly Feature[] {
  const stray = wanted.find((feature) => feature !== 'accounts' && !wanted.includes('accounts'))
  if (stray !== undefined) throw new UsageInvalid(`${stray} needs accounts, which features leaves out.`)
  return features.filter((feature) => wanted.includes(feature))
}

export function isOptionalFeature(name: string): name is OptionalFeature {
  return Object.hasOwn(optionalFeatures, name)
}

/** Everything of one kind that belongs to features an app does not have. */
export function partsWithout(wanted: readonly Feature[], kind: 'tables' | 'packages'): ReadonlySet<string> {
  const missing = Object.entries(optionalFeatures).filter(
    ([name]) => !wanted.some((feature) => feature === name),
  )
  return new Set(missing.flatMap(([, parts]) => parts[kind]))
}
