import { format, resolveConfig } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashText } from '../hash.ts'
import { parseLock } from '../parse-lock.ts'
import { renderTemplate } from '../render.ts'
import type { State } from '../state.ts'
import { loadTemplate } from '../template.ts'
import { createTree } from './create-tree.ts'
import { applyGolden, describeGolden, readable } from './golden-patch.ts'
import { defaultState, goldenStates, playgroundState } from './golden-states.ts'
import { listGoldens, readGolden, readPlayground } from './kept-files.ts'
import { editPlayground, playgroundFiles } from './playground.ts'
import type { Tree } from './tree.ts'

// When these fail after a change of templates: `npm run generate`, then read the difference like code.

let original: Tree
let playground: Tree
beforeAll(async () => {
  original = await createTree(defaultState)
  playground = await createTree(playgroundState)
})

describe('playground', () => {
  it('is a new app with an entity and its page, edited as the guide on multi-tenant apps shows, with files of its own beside it', async () => {
    const kept = await readPlayground()
    const edited = await editPlayground(playground)
    expect([...kept.keys()]).toEqual([...edited.keys(), ...playgroundFiles].sort())
    for (const [path, text] of edited) expect({ path, text: kept.get(path) }).toEqual({ path, text })
  })

  it('has a lock file with the hash of every file', () => {
    expect(recordedHashes(playground)).toEqual(renderedHashes(playground, playgroundState))
  })

  it('has a sigra.json and a sigra.lock.json that a formatter leaves as they are', async () => {
    const options = await resolveConfig(import.meta.filename)
    for (const path of ['sigra.json', 'sigra.lock.json']) {
      const text = playground.get(path) ?? ''
      expect(await format(text, { ...options, filepath: path })).toBe(text)
    }
  })
})

describe.each(Object.entries(goldenStates))('fixtures/golden/%s', (name, state) => {
  let tree: Tree
  beforeAll(async () => {
    tree = await createTree(state)
  })

  it('is what the generator writes, as what differs from the default output', async () => {
    expect(await readGolden(name)).toEqual(describeGolden(original, tree))
  })

  it('makes of the default output what the generator writes', async () => {
    const { patch, paths } = await readGolden(name)
    const made = applyGolden(original, patch)
    expect([...made.keys()].map((path) => `${path}\n`).join('')).toBe(paths)
    for (const [path, text] of tree)
      expect({ path, text: made.get(path) }).toEqual({ path, text: readable(path, text) })
    expect(made.size).toBe(tree.size)
  })

  it('has a lock file with the hash of every file', () => {
    expect(recordedHashes(tree)).toEqual(renderedHashes(tree, state))
  })
})

describe('fixtures/golden', () => {
  it('holds a patch and a list of paths for each state, and nothing else', async () => {
    const names = Object.keys(goldenStates).flatMap((name) => [`${name}.patch`, `${name}.paths.txt`])
    expect(await listGoldens()).toEqual(names.sort())
  })

  it('shows no text that is the default output’s, and of what is gone the name alone', async () => {
    const { patch } = await readGolden('no-passkeys')
    expect(patch).toContain(
      'diff --git a/app/passkeys/offer.ts b/app/passkeys/offer.ts\ndeleted file mode 100644\n\n',
    )
    expect(patch).not.toContain('app/accounts/routes/log-in.tsx')
    expect(patch).not.toMatch(/sha256:[\w-]/u)
  })

  it('tells of a page that moved where it was, and nothing more', async () => {
    const { patch } = await readGolden('existing')
    expect(patch).toContain(
      'rename from app/routes/health-live.ts\nrename to app/accounts/routes/health-live.ts\n\ndiff',
    )
  })
})

function recordedHashes(tree: Tree): Record<string, string> {
  const { files } = parseLock(tree.get('sigra.lock.json') ?? '')
  return Object.fromEntries(Object.entries(files).map(([path, { hash }]) => [path, hash]))
}

/** Of what the lock file follows: not of files that grow by key or by line, nor of what a host has of its own. */
function renderedHashes(tree: Tree, state: State): Record<string, string> {
  const followed = recordedHashes(tree)
  const rendered = [...renderTemplate(loadTemplate(), state)].filter(([path]) => path in followed)
  return Object.fromEntries(rendered.map(([path, { text }]) => [path, hashText(text)]))
}
