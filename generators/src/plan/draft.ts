import { findMark, withoutMark } from '../byte-order-mark.ts'
import { readHostFile } from './host-files.ts'
import { byPathLockLast, type Conflict, type FileAction, type FileChange } from './plan.ts'

/**
 * A plan in the making: what is on disk, and what will be. Texts are without the byte-order mark their file may begin
 * with; in the plan they have it, before and after.
 */
export interface Draft {
  readonly conflicts: Conflict[]
  readonly merges: Conflict[]
  readonly notes: string[]
  /** The file as it is on disk. */
  disk(path: string): Promise<string | null>
  /** The file as it will be, as far as is decided. */
  current(path: string): Promise<string | null>
  /** Decides what becomes of a file. */
  set(path: string, action: FileAction, after: string | null, reason?: string): Promise<void>
  changes(): FileChange[]
}

export function createDraft(root: string): Draft {
  const texts = new Map<string, string | null>()
  const marks = new Map<string, string>()
  const changes = new Map<string, FileChange>()

  const disk = async (path: string) => {
    const known = texts.get(path)
    if (known !== undefined) return known
    const found = await readHostFile(root, path)
    const text = found === null ? null : withoutMark(found)
    texts.set(path, text)
    marks.set(path, findMark(found ?? ''))
    return text
  }
  return {
    conflicts: [],
    merges: [],
    notes: [],
    disk,
    async current(path) {
      const change = changes.get(path)
      return change ? change.after : disk(path)
    },
    async set(path, action, after, reason) {
      const before = await disk(path)
      changes.set(path, { path, action, before, after, ...(reason === undefined ? {} : { reason }) })
    },
    changes: () =>
      [...changes.values()]
        .map(({ before, after, ...change }) => {
          const mark = marks.get(change.path) ?? ''
          return { ...change, before: marked(mark, before), after: marked(mark, after) }
        })
        .sort(byPathLockLast),
  }
}

function marked(mark: string, text: string | null): string | null {
  return text === null ? null : mark + text
}
