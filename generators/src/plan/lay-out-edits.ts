import type { Formatter } from '../format.ts'
import type { Draft } from './draft.ts'
import type { EditReport } from './plan.ts'

/**
 * What is spliced into a line may make it longer than the host allows. A file that was as the host's formatter writes
 * it is so afterwards; one that was not stays as its owner laid it out.
 */
export async function layOutEdits(
  draft: Draft,
  reports: readonly EditReport[],
  format: Formatter,
): Promise<void> {
  const edited = reports.filter(({ outcome }) => outcome === 'changed').map(({ path }) => path)
  for (const path of new Set(edited)) {
    const [before, after] = [await draft.disk(path), await draft.current(path)]
    if (before === null || after === null || (await format(path, before)) !== before) continue
    const text = await format(path, after)
    if (text !== after) await draft.set(path, 'edit', text)
  }
}
