import { findMark, withoutMark } from '../byte-order-mark.ts'
import { findLineEnding, toLf, withLineEnding } from '../line-endings.ts'
import { readHostFile } from './host-files.ts'
import { byPathLockLast, type Conflict, type FileAction, type FileChange } from './plan.ts'

/**
 * A plan in the making: what is on disk, and what will be. In here every text has one form, LF and no byte-order mark, so
 * that a checkout of Windows is no edit; in the plan each file has the line ends and the mark it was found with.
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
  /** A text as the file at a path would hold it. */
  asFound(path: string, text: string): string
  changes(): FileChange[]
}

export function createDraft(root: string): Draft {
  const bytes = new Map<string, string | null>()
  const changes = new Map<string, FileChange>()

  const disk = async (path: string) => {
    const known = bytes.get(path)
    const found = known === undefined ? await readHostFile(root, path) : known
    bytes.set(path, found)
    return found === null ? null : plain(found)
  }
  const asFound = (path: string, text: string) => {
    const found = bytes.get(path) ?? ''
    // What says the same stays as it is, byte for byte: ends of lines may be mixed.
    return plain(found) === plain(text)
      ? found
      : findMark(found) + withLineEnding(plain(text), findLineEnding(found))
  }
  return {
    conflicts: [],
    merges: [],
    notes: [],
    disk,
    asFound,
    async current(path) {
      const change = changes.get(path)
      return change ? change.after : disk(path)
    },
    async set(path, action, after, reason) {
      const before = await disk(path)
      const text = after === null ? null : plain(after)
      changes.set(path, { path, action, before, after: text, ...(reason === undefined ? {} : { reason }) })
    },
    changes: () =>
      [...changes.values()]
        .map((change) => ({
          ...change,
          before: bytes.get(change.path) ?? null,
          after: change.after === null ? null : asFound(change.path, change.after),
        }))
        .sort(byPathLockLast),
  }
}

function plain(text: string): string {
  return toLf(withoutMark(text))
}
