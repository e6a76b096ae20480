import { lockFile } from '../lock-file.ts'
import type { State } from '../state.ts'

/** What happens to one file. The words are what `describePlan` and `--json` print. */
export type FileAction =
  | 'create' // not there yet
  | 'adopt' // already there, word for word
  | 'write' // unedited, and the template moved on
  | 'merge' // edited, and the template moved on: three-way merge without overlap
  | 'advance' // edited into exactly what the template is now
  | 'keep' // nothing to do
  | 'stay-deleted' // the owner deleted it
  | 'delete' // unedited, and no longer part of the app
  | 'detach' // edited, and no longer part of the app: it is the owner's alone now
  | 'edit' // a file of the host gets its lines
  | 'conflict' // only the owner can decide

/** How a conflict is settled. Only `refuse` needs nobody: it is the default. */
export type Decision = 'refuse' | 'merge' | 'keep' | 'replace'

export interface FileChange {
  path: string
  action: FileAction
  /** Text on disk when the plan was made; `null`: no such file. Checked again when the plan is applied. */
  before: string | null
  /** Text afterwards; `null`: no such file. */
  after: string | null
  /** One clause for people, where the action alone does not say why. */
  reason?: string
}

/** A conflict carries what each decision would write. */
export interface Conflict {
  path: string
  reason: string
  before: string
  /** What was merged, as git keeps it while a file is unmerged. */
  stages: Stages
  /** The owner's text and the template's with zdiff3 markers around what overlaps. */
  withMarkers: string
  /** The template's text. */
  replacement: string
}

/** The three texts of a merge. Two people adding the same file have no base. */
export interface Stages {
  base: string | null
  ours: string
  theirs: string
}

/** One edit to a file of the host. */
export interface EditReport {
  path: string
  id: string
  outcome: 'changed' | 'already' | 'manual'
  /** Why it was not made, and what to paste instead. Only with `manual`. */
  manual?: { reason: string; snippet: string }
}

/** A transition that is worked out but not made. */
export interface Plan {
  /** Absolute. */
  root: string
  from: State | null
  to: State
  /** Sorted by path; every file the transition looked at. The lock file is last. */
  changes: readonly FileChange[]
  conflicts: readonly Conflict[]
  /** Conflicts that are written with markers, for their owner to settle afterwards. */
  merges: readonly Conflict[]
  edits: readonly EditReport[]
  /** Packages the host does not have yet: an install is due after the plan is applied. */
  dependencies: Readonly<Record<string, string>>
  /** Sentences people should read. */
  notes: readonly string[]
}

/**
 * The migration that has to be made after a transition: for the tables of what came, or against those of what was
 * purged. The first one ships with the accounts.
 *
 * @returns Its name; `null` when no table comes or goes.
 */
export function migrationAfter(from: State | null, to: State): string | null {
  if (from === null || !from.features.includes('accounts')) return null
  const came = to.features.filter((feature) => !from.features.includes(feature))
  const gone = [...from.features, ...from.retired].filter(
    (feature) => ![...to.features, ...to.retired].includes(feature),
  )
  const words = [...came, ...gone.map((feature) => `without_${feature}`)]
  return words.length === 0 ? null : words.join('_and_')
}

/** The order of changes: the lock file is the last word. */
export function byPathLockLast(one: { path: string }, other: { path: string }): number {
  if (one.path === lockFile) return 1
  if (other.path === lockFile) return -1
  return one.path < other.path ? -1 : 1
}

/** Whether applying would change nothing on disk. */
export function isEmptyPlan(plan: Plan): boolean {
  return plan.conflicts.length === 0 && plan.changes.every((change) => change.before === change.after)
}

/** The changes that touch the disk, in the order they are made. */
export function writesOf(plan: Plan): readonly FileChange[] {
  return plan.changes.filter((change) => change.before !== change.after)
}
