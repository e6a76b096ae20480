import type { State } from '../state.ts'

/** What an edit of a host file came to. `manual`: the shape is unknown, nothing was changed, paste this. */
export type EditResult =
  | { outcome: 'changed'; text: string }
  | { outcome: 'already' }
  | { outcome: 'manual'; reason: string; snippet: string }

/** One change to a file of the host: made once, recorded, and never made again. */
export interface HostEdit {
  /** Where the file may be; the first one that exists is taken. */
  paths: readonly string[]
  /** Unique within the file; the lock file records the edit as `<path> <id>`. */
  id: string
  /** What it writes is not what it wrote last time: it is made again. @default false */
  isRenewed?: boolean
  /** Nothing to do where the file is one of ours, however the host's formatter laid it out. @default false */
  isForOwnFile?: boolean
  /**
   * Idempotent: what it changed it calls `already` the next time.
   *
   * @param text `null` when the host has no such file.
   */
  ensure(text: string | null): EditResult
}

/** What edits are made from. */
export interface EditContext {
  state: State
  /** Tables whose feature was taken out of the app, by the names they have in it: last time, and now. @default none */
  retired?: { before: readonly string[]; now: readonly string[] }
  /** The complete app, rendered: edits take their lines from it. In an existing app what is ours reads as it does there. */
  rendered: ReadonlyMap<string, string>
  /** The same as it was last applied; `null` the first time. */
  before: ReadonlyMap<string, string> | null
  /** The host has MikroORM already: its migrations are its own. */
  hasOwnDatabase: boolean
  /** A folder above holds the settings of a whole workspace; those of this app would hide them. */
  isInWorkspace: boolean
  /** Packages this app has because of us, at the range we asked for. */
  asked?: Readonly<Record<string, string>>
}

export function changed(text: string): EditResult {
  return { outcome: 'changed', text }
}

export const already: EditResult = { outcome: 'already' }

export function manual(reason: string, snippet: string): EditResult {
  return { outcome: 'manual', reason, snippet }
}
