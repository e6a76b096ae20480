import { isEmptyPlan, writesOf, type FileAction, type FileChange, type Plan } from './plan.ts'

/** What `--json` prints: paths, actions and reasons, never file contents. */
export interface PlanJson {
  root: string
  from: string | null
  to: string
  changes: { path: string; action: FileAction; reason?: string }[]
  conflicts: { path: string; reason: string }[]
  edits: { path: string; id: string; outcome: string; reason?: string; snippet?: string }[]
  dependencies: Record<string, string>
  notes: string[]
}

const words: Record<FileAction, string> = {
  create: 'create',
  adopt: 'adopt',
  write: 'update',
  merge: 'merge',
  advance: 'up to date',
  keep: 'keep',
  'stay-deleted': 'stays deleted',
  delete: 'delete',
  detach: 'leave to you',
  edit: 'edit',
  conflict: 'CONFLICT',
}

/** The plan for people: one line per file that matters, then what they have to do themselves. */
export function describePlan(plan: Plan): string {
  if (isEmptyPlan(plan)) return 'Nothing to do: the app is up to date with sigra.json.'
  const conflicts = plan.conflicts.map(({ path, reason }) => line('CONFLICT', path, reason))
  const lines = plan.changes
    .filter(isWorthSaying)
    .map(({ path, action, reason }) => line(words[action], path, reason))
  return [...lines, ...conflicts, ...describeManualEdits(plan), ...plan.notes].join('\n')
}

/** One sentence of counts: `61 files created, 3 edited`. */
export function summarizePlan(plan: Plan): string {
  const counts = new Map<FileAction, number>()
  for (const { action } of writesOf(plan)) counts.set(action, (counts.get(action) ?? 0) + 1)
  const verbs: Partial<Record<FileAction, string>> = {
    create: 'created',
    write: 'updated',
    merge: 'merged',
    edit: 'edited',
    delete: 'deleted',
  }
  const parts = Object.entries(verbs).flatMap(([action, verb]) => {
    const count = [...counts].find(([name]) => name === action)?.[1]
    return count === undefined ? [] : [`${count} ${verb}`]
  })
  return parts.length === 0 ? 'No file changes.' : `Files: ${parts.join(', ')}.`
}

/** Edits that could not be made, each with what to paste. */
export function describeManualEdits(plan: Plan): string[] {
  return plan.edits.flatMap(({ path, manual }) => {
    if (manual === undefined) return []
    const snippet = manual.snippet.split('\n').map((text) => `      ${text}`.trimEnd())
    return [`${line('by hand', path, manual.reason)}`, ...snippet]
  })
}

/** What applying would change, as a unified diff. */
export async function describeDiff(plan: Plan): Promise<string> {
  const { describeChange } = await import('./unified-diff.ts') // no other command needs what it loads
  return writesOf(plan)
    .map((change) => describeChange(change.path, change.before, change.after))
    .join('')
}

/** A plan for programs: paths, actions and reasons. */
export function planToJson(plan: Plan): PlanJson {
  return {
    root: plan.root,
    from: plan.from?.version ?? null,
    to: plan.to.version,
    changes: plan.changes.filter(isWorthSaying).map(({ path, action, reason }) => ({
      path,
      action,
      ...(reason === undefined ? {} : { reason }),
    })),
    conflicts: plan.conflicts.map(({ path, reason }) => ({ path, reason })),
    edits: plan.edits.map(({ path, id, outcome, manual }) => ({ path, id, outcome, ...manual })),
    dependencies: { ...plan.dependencies },
    notes: [...plan.notes],
  }
}

function isWorthSaying(change: FileChange): boolean {
  if (change.action === 'conflict') return false
  return change.before !== change.after || change.reason !== undefined || change.action === 'adopt'
}

function line(word: string, path: string, reason: string | undefined): string {
  return `  ${word.padEnd(13)} ${path}${reason === undefined ? '' : ` (${reason})`}`
}
