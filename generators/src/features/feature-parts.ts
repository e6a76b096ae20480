import { posix } from 'node:path'
import type { Template } from '../template.ts'

/** Stored beside the templates, one file a feature, never written to an app. */
export const featuresFolder = 'features/'

/**
 * What the templates of a version have of one feature, `accounts` among them: `features/passkeys.json`. It is data, so that
 * an app of an earlier version is rendered with what was true for it.
 */
export interface FeatureParts {
  /** Folder of its own files. */
  folder: `app/${string}`
  /** Tables in the snapshot of the database, by their default names. Those that begin with `user` follow the app's names. */
  tables: readonly string[]
  /** Packages that are listed only with it. */
  packages: readonly string[]
  /** Keys of `.env.example` that are there only with it. */
  env: readonly string[]
  /** Identifiers that follow the name of the entity, with `User` in them. */
  identifiers: readonly string[]
  /** File names that follow the name of the entity, in kebab-case and without ending. */
  segments: readonly string[]
  /** Names that an app with accounts cannot give to its own, whether it has the feature or not: it may come later. */
  reserved: { contexts: readonly string[]; entities: readonly string[]; tables: readonly string[] }
  /** By the path of each joint, what the feature adds there. */
  joints: Readonly<Record<string, readonly JointEntry[]>>
}

/** What a joint imports from the feature's folder. Every entry that is made of it comes and goes with the import. */
export interface JointEntry {
  from: string
  /** The name it has in the joint. */
  name: string
}

/** By the name of each feature. */
export type AllParts = Readonly<Record<string, FeatureParts>>

export function readParts(template: Template): AllParts {
  const stored = [...template].filter(([path]) => path.startsWith(featuresFolder))
  return Object.fromEntries(stored.map(([path, text]) => [posix.basename(path, '.json'), JSON.parse(text)]))
}

/** Everything of one kind that belongs to features an app does not have. */
export function partsWithout(
  parts: AllParts,
  wanted: readonly string[],
  kind: 'tables' | 'packages' | 'env',
): ReadonlySet<string> {
  return new Set(missingParts(parts, wanted).flatMap((feature) => feature[kind]))
}

/** The features an app does not have. */
export function missingParts(parts: AllParts, wanted: readonly string[]): readonly FeatureParts[] {
  return Object.entries(parts).flatMap(([name, feature]) => (wanted.includes(name) ? [] : [feature]))
}

/** The features among those named. */
export function partsOf(parts: AllParts, wanted: readonly string[]): readonly FeatureParts[] {
  return Object.entries(parts).flatMap(([name, feature]) => (wanted.includes(name) ? [feature] : []))
}
