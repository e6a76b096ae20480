/**
 * What is asked about a feature an app can do without: by help, questions and `sigra.json`. What people read of it stands in
 * its templates, and what the renderer has to know of them in `template/features/`, as data (`feature-parts.ts`).
 */
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
  /** Its guides, below `docs/`. */
  docs: readonly string[]
}

/** Keeps the name of a feature as a type, so that no other can be asked for. */
export function defineFeature<const Name extends string>(
  manifest: FeatureManifest<Name>,
): FeatureManifest<Name> {
  return manifest
}
