import { z } from 'zod'
import { pathShape } from '../path-shape.ts'
import { readJsonShape, type Reading } from '../read-shape.ts'
import type { MergeRecord } from './merge-record.ts'
import type { UndoRecord } from './undo-record.ts'

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
