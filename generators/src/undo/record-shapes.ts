import { z } from 'zod'
import type { UnmergedPath } from '../git/unmerged-entries.ts'
import { pathShape } from '../path-shape.ts'
import { readJsonShape, type Reading } from '../read-shape.ts'

export interface MergeRecord {
  /** Files that were written with markers. */
  paths: readonly string[]
  /** What git's index held for them, and holds now; empty outside a repository. */
  index: readonly UnmergedPath[]
  /** What is left to do about the database once they are settled. */
  migration: string | null
}

/** The last transition, as far as it takes to go back. */
export interface UndoRecord {
  entries: readonly UndoEntry[]
}

export interface UndoEntry {
  path: string
  /** Text before; `null`: no such file. */
  before: string | null
  /** Fingerprint afterwards; `null`: no such file. Whatever differs from it was written by somebody since. */
  after: string | null
}

const textOrNull = z.string().nullable()

const undoShape = z.object({
  entries: z.array(z.object({ path: pathShape, before: textOrNull, after: textOrNull })),
})

/** As git spells them: whatever else is said here reaches its index. */
const entryShape = z.object({
  mode: z.string().regex(/^\d{6}$/u, { error: 'must be a mode of git' }),
  object: z.string().regex(/^[0-9a-f]{40,64}$/u, { error: 'must be an object of git' }),
  stage: z.int().min(0).max(3),
})

const mergeShape = z.object({
  paths: z.array(pathShape),
  index: z.array(z.object({ path: pathShape, former: z.array(entryShape), stages: z.array(entryShape) })),
  migration: z
    .string()
    .regex(/^[a-z][\w-]*$/iu, { error: 'must be the name of a migration' })
    .nullable(),
})

/** Reads what `formatUndo` wrote. */
export function parseUndo(text: string): Reading<UndoRecord> {
  return readJsonShape(undoShape, text)
}

/** Reads what `formatMerge` wrote. */
export function parseMerge(text: string): Reading<MergeRecord> {
  return readJsonShape(mergeShape, text)
}
