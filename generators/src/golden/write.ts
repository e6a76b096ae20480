import { createTree } from './create-tree.ts'
import { describeGolden, type Golden } from './golden-patch.ts'
import { defaultState, goldenStates, playgroundState } from './golden-states.ts'
import { writeGoldens, writePlayground } from './kept-files.ts'
import { editPlayground } from './playground.ts'

// Run by `npm run generate`: writes the playground, and what differs from the default output in the other states.
const base = await createTree(defaultState)
const goldens = new Map<string, Golden>()
for (const [name, state] of Object.entries(goldenStates))
  goldens.set(name, describeGolden(base, await createTree(state)))
await writePlayground(await editPlayground(await createTree(playgroundState)))
await writeGoldens(goldens)
