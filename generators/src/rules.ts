import { TemplateInvalid } from './errors.ts'
import { featuresFolder, readParts, type AllParts } from './features/feature-parts.ts'
import type { Template } from './template.ts'

/** Stored beside the templates, never written to an app. */
export const rulesFile = 'rules.json'

/**
 * What decides about files beside the directives in them. It is data, so that the templates of another version bring
 * what was true for them: the code that reads it stays, and a new meaning gets a new number.
 */
export interface Rules {
  format: 1
  /** Files a React Router app has before anything of ours: rendered only where the app is ours from the start. */
  host: readonly string[]
  /** Files that a bare app and an install into an existing one both need. */
  shared: readonly string[]
  /** In an app that was there before. */
  existing: {
    /** Where files and folders go instead, so that they are not taken for the host's own. Imports and routes follow. */
    paths: Readonly<Record<string, string>>
    /** Stylesheets that count inside of one frame alone, by its selector. */
    scoped: Readonly<Record<string, string>>
  }
  /** Changes of `package.json`, each under its condition. */
  package: readonly PackageRule[]
  /** What the templates have of each feature, from a file of its own. */
  features: AllParts
}

export interface PackageRule {
  /** As in a directive. */
  if: string
  /** Scripts it sets, or takes away. */
  scripts?: Readonly<Record<string, string | null>>
  /** All scripts there are. */
  onlyScripts?: Readonly<Record<string, string>>
  /** All packages there are. */
  onlyPackages?: readonly string[]
}

const read = new WeakMap<Template, Rules>()

/** @throws {TemplateInvalid} for templates without rules, or with rules of another meaning. */
export function rulesOf(template: Template): Rules {
  const known = read.get(template)
  if (known !== undefined) return known
  const rules: Partial<Rules> = JSON.parse(template.get(rulesFile) ?? '{}')
  const { format, host, shared, existing, package: packages } = rules
  const features = readParts(template)
  if (format !== 1 || !host || !shared || !existing || !packages || features['accounts'] === undefined) {
    throw new TemplateInvalid(`${rulesFile} is missing, or has rules this version cannot read.`)
  }
  const complete: Rules = { format, host, shared, existing, package: packages, features }
  read.set(template, complete)
  return complete
}

/** Whether a file is read by the renderer, and by nobody else. */
export function isRules(path: string): boolean {
  return path === rulesFile || path.startsWith(featuresFolder)
}

/** Where a file of the template goes in an app that was there before. */
export function existingPath(path: string, { existing }: Rules): string {
  for (const [from, to] of Object.entries(existing.paths)) {
    if (path === from || (from.endsWith('/') && path.startsWith(from))) return to + path.slice(from.length)
  }
  return path
}
