import { createTree } from './create-tree.ts'
import { describeGolden, type Golden } from './golden-patch.ts'
import { goldenStates, playgroundState } from './golden-states.ts'
import { writeGoldens, writePlayground } from './kept-files.ts'

// Run by `npm run generate`: writes the playground, and what differs from it in the other states.
const base = await createTree(playgroundState)
const goldens = new Map<string, Golden>()
for (const [name, state] of Object.entries(goldenStates))
  goldens.set(name, describeGolden(base, await createTree(state)))
await writePlayground(base)
await writeGoldens(goldens)
