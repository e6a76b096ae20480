import { z } from 'zod'
import { pathShape } from '../path-shape.ts'
import { readJsonShape, type Reading } from '../read-shape.ts'
import type { JournalStep } from './journal.ts'

const journalShape = z.object({
  steps: z.array(z.object({ path: pathShape, before: z.string().nullable(), after: z.string().nullable() })),
})

/** Reads what `writeJournal` wrote. */
export function parseJournal(text: string): Reading<{ steps: readonly JournalStep[] }> {
  return readJsonShape(journalShape, text)
}
