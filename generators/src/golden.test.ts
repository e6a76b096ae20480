import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import {
  createTree,
  goldenStates,
  listCommitted,
  playgroundFiles,
  playgroundState,
  readTree,
} from './golden.ts'

// When these fail after a change of templates: `npm run generate`, then read the difference like code.

describe.each(Object.entries(goldenStates))('%s', (folder, state) => {
  it('is what the generator writes, byte for byte', async () => {
    const [written, kept] = [await createTree(state), await readTree(folder)]
    expect([...kept.keys()]).toEqual([...written.keys()].sort())
    for (const [path, text] of written) expect({ path, text: kept.get(path) }).toEqual({ path, text })
  }, 60_000)

  it('is formatted as its own configuration says', async () => {
    const tree = await createTree(state)
    const options = JSON.parse(tree.get('.prettierrc.json') ?? '{}')
    for (const [path, text] of tree) {
      if (!/\.(ts|tsx|js|css|md)$/u.test(path)) continue
      expect({ path, text: await format(text, { ...options, filepath: path }) }).toEqual({ path, text })
    }
  }, 60_000)
})

describe('fixtures/golden/members', () => {
  it('has no name of the default left', async () => {
    const tree = await readTree('fixtures/golden/members')
    for (const [path, text] of tree) {
      if (path === 'sigra.lock.json' || path.startsWith('migrations/')) continue
      expect(path).not.toMatch(/accounts|(^|\/)user/u)
      const left = /.*(\/users\b|users_|user_sessions|'users'|app\/accounts|~\/accounts).*/u.exec(text)
      expect({ path, left: left?.[0] }).toEqual({ path, left: undefined })
    }
  })
})

describe('playground', () => {
  it('is the default output with files of its own beside it', async () => {
    const [written, kept] = [await createTree(playgroundState), await readTree('playground')]
    expect(listCommitted('playground').sort()).toEqual([...written.keys(), ...playgroundFiles].sort())
    for (const [path, text] of written) expect({ path, text: kept.get(path) }).toEqual({ path, text })
  })
})

describe('formatting of what people commit', () => {
  it('leaves sigra.json and sigra.lock.json as they are written', async () => {
    const tree = await createTree(goldenStates['fixtures/golden/default'] ?? playgroundState)
    const options = await resolveConfig(import.meta.filename)
    for (const path of ['sigra.json', 'sigra.lock.json']) {
      const text = tree.get(path) ?? ''
      expect(await format(text, { ...options, filepath: path })).toBe(text)
    }
  })
})
