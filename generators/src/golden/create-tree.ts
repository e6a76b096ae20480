import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { intentFile } from '../intent-file.ts'
import { lockFile } from '../lock-file.ts'
import { planTransition } from '../plan/plan-transition.ts'
import type { State } from '../state.ts'
import { sortTree, writeTree, type Tree } from './tree.ts'

const nowhere = fileURLToPath(new URL('../../../fixtures/no-such-app', import.meta.url))

/** What `create` writes for a state; for an existing app what an install leaves behind in one without accounts. */
export async function createTree(state: State): Promise<Tree> {
  if (state.app === 'created') return changeTree(new Map(), nowhere, state)

  const host = new Map(await createTree({ ...state, app: 'created', features: [] }))
  for (const own of [intentFile, lockFile]) host.delete(own)
  const root = await mkdtemp(join(tmpdir(), 'sigra-golden-'))
  try {
    await writeTree(root, host)
    return await changeTree(host, root, state)
  } finally {
    await rm(root, { recursive: true })
  }
}

async function changeTree(before: Tree, root: string, state: State): Promise<Tree> {
  const { changes } = await planTransition({ root, from: null, to: state })
  const tree = new Map(before)
  for (const { path, after } of changes) {
    if (after === null) tree.delete(path)
    else tree.set(path, after)
  }
  return sortTree(tree)
}
