/** Everything the engine knows about a feature an app can do without. What people read of it stands in its templates. */
export interface FeatureManifest<Name extends string = string> {
  /** As in `sigra.json`, in `--[no-]name` and in `sigra add <name>`. */
  name: Name
  /** One line for help. */
  summary: string
  /** Asked when an app is created. */
  question: string
  /** Features it stands on, beside accounts, which all need. */
  needs: readonly string[]
  /** A new app has it where nobody says otherwise. */
  isDefault: boolean
  /** What can be chosen of it: `oauth google,github`. None: it is there or not. */
  values: readonly string[]
  /** Folder of its own files. */
  folder: `app/${string}`
  /** Tables in the snapshot of the database, by their default names. */
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
  /** Its guides, below `docs/`. */
  docs: readonly string[]
}

/** What a joint imports from the feature's folder. Every entry that is made of it comes and goes with the import. */
export interface JointEntry {
  from: string
  /** The name it has in the joint. */
  name: string
}

/** Keeps the name of a feature as a type, so that no other can be asked for. */
export function defineFeature<const Name extends string>(
  manifest: FeatureManifest<Name>,
): FeatureManifest<Name> {
  return manifest
}
