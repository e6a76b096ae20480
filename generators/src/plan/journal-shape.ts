import { z } from 'zod'
import { pathShape } from '../path-shape.ts'
import { readJsonShape, type Reading } from '../read-shape.ts'

/**
 * One step of a run: the file at `path` goes from one content to another. `null`: no such file. The new text waits in the
 * staging folder under the number of the step, which nobody writes down.
 */
export interface JournalStep {
  path: string
  before: string | null
  after: string | null
}

const journalShape = z.object({
  steps: z.array(z.object({ path: pathShape, before: z.string().nullable(), after: z.string().nullable() })),
})

/** Reads what `writeJournal` wrote. */
export function parseJournal(text: string): Reading<{ steps: readonly JournalStep[] }> {
  return readJsonShape(journalShape, text)
}
