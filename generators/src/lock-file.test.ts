import { describe, expect, it, vi } from 'vitest'
import { features, isOptionalFeature } from './features.ts'
import { formatIntent } from './intent-file.ts'
import { formatLock, type Lock } from './lock-file.ts'
import { parseIntent } from './parse-intent.ts'
import { parseLock } from './parse-lock.ts'
import { createState, type State } from './state.ts'
import { selectLines } from './directives.ts'
import { toys as toyManifest } from './testing-only/toys.ts'

// A second feature, which needs the first and leaves a choice.
vi.mock('./features/list.ts', async () => {
  const { passkeys } = await import('./features/passkeys.ts')
  const { toys } = await import('./testing-only/toys.ts')
  return { optionalFeatures: [passkeys, { ...toys, needs: ['passkeys'] }] }
})

const [keys, toys] = features.filter(isOptionalFeature)
if (keys === undefined || toys === undefined) throw new Error('There are two features.')
const state = createState({
  version: '1.2.3',
  features: ['accounts', keys, toys],
  values: { toys: ['kite', 'ball'] },
})
const lockOf = (changes: Partial<Lock> = {}): Lock => ({
  state,
  files: { 'app/x.ts': { template: 'app/x.ts', hash: 'sha256:1' } },
  edits: {},
  dependencies: {},
  env: [],
  migrations: [],
  moved: { 'app/x.ts': 'app/ui/x.ts' },
  deleted: ['app/y.ts'],
  detached: [],
  ...changes,
})

describe('the lock file', () => {
  it('gives back what was written', () => {
    expect(parseLock(formatLock(lockOf()))).toEqual(lockOf())
    const entities = [{ name: 'Note', owner: 'user' as const, fields: ['text:text', 'due:date?'] }]
    const withEntity = lockOf({ state: { ...state, entities } })
    expect(parseLock(formatLock(withEntity))).toEqual(withEntity)
    expect(parseIntent(formatIntent(withEntity.state), state.version)).toEqual(withEntity.state)
    expect(formatLock(lockOf())).toContain('"toys=ball": true,\n      "toys=kite": true')
  })

  it('of an older version is read, with nothing moved and nothing chosen', () => {
    const plain = lockOf({ state: createState({ version: '1.2.3' }), moved: {}, deleted: [] })
    const old = formatLock(plain).replace('"lockVersion": 2', '"lockVersion": 1')
    expect(old).not.toMatch(/moved|deleted|values/u)
    expect(parseLock(old)).toEqual(plain)
    expect(parseLock(old.replace('  "lockVersion": 1,\n', ''))).toEqual(plain)
  })

  it('of a newer version is refused, saying which wrote it', () => {
    const newer = formatLock(lockOf()).replace('"lockVersion": 2', '"lockVersion": 3')
    expect(() => parseLock(newer)).toThrow(
      expect.objectContaining({ exitCode: 4, message: expect.stringContaining('written by Sigra 1.2.3') }),
    )
  })

  it('leads nowhere out of the app', () => {
    const text = formatLock(lockOf()).replace('app/ui/x.ts', '../x.ts')
    expect(() => parseLock(text)).toThrow(expect.objectContaining({ exitCode: 4 }))
  })
})

describe('sigra.json', () => {
  const read = (text: string) => parseIntent(text, '1.2.3')

  it('says what is chosen of a feature, in one order', () => {
    expect(state.values).toEqual({ toys: ['ball', 'kite'] })
    expect(read(formatIntent(state))).toEqual(state)
    expect(formatIntent(createState({ version: '1.2.3' }))).not.toContain('values')
  })

  it('with a feature but not what it needs is a precondition that is not met, by name', () => {
    const text = formatIntent(state).replace('"accounts", "passkeys", "toys"', '"accounts", "toys"')
    expect(() => read(text)).toThrow(
      expect.objectContaining({ exitCode: 4, message: expect.stringContaining('toys needs passkeys') }),
    )
  })

  it.each([
    ['"ball"', '"rocket"', /“rocket” cannot be chosen of toys; it is one of ball, kite/u],
    ['"toys": [\n', '"passkeys": [\n', /cannot be chosen of passkeys, which leaves no choice/u],
    ['"toys": [\n', '"trains": [\n', /values names trains/u],
  ])('cannot choose what there is not: %s → %s', (from, to, message) => {
    expect(() => read(formatIntent(state).replace(from, to))).toThrow(message)
  })
})

describe('defaults', () => {
  it('do not change because a feature exists', () => {
    expect(toyManifest.isDefault).toBe(false)
    expect(createState({ version: '1.2.3' }).features).toEqual(['accounts', 'passkeys'])
  })
})

describe('a condition', () => {
  const cases: [string, State, boolean][] = [
    ['toys=ball', state, true],
    ['toys=kite', { ...state, values: { toys: ['ball'] } }, false],
    ['!toys=kite', { ...state, values: {} }, true],
  ]
  it.each(cases)('%s asks what is chosen', (condition, of, isLive) => {
    const text = `// sigra:if ${condition}\nhere\n// sigra:end`
    expect(selectLines(text, of, 'x.ts')).toBe(isLive ? 'here' : '')
  })

  it('on a feature that is known, but not there, does not hold', () => {
    const without = createState({ version: '1.2.3' })
    expect(selectLines('// sigra:if toys=ball\nhere\n// sigra:end', without, 'x.ts')).toBe('')
  })
})
