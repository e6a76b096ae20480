import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignEntries } from './align-entries.ts'

const joint = (...ways: string[]) =>
  `export const ways = {${ways.map((way) => `\n  ${way},`).join('')}${ways.length > 0 ? '\n' : ''}}\n`
const ours = (base: string, mine: string, target: string) => alignEntries('ways.ts', base, mine, target)?.ours

describe('alignEntries', () => {
  const [without, with_] = [joint('password', 'link'), joint('password', 'key: loadKey', 'link')]

  it.each([
    ['before ours', joint('password', 'mine', 'link'), joint('password', 'key: loadKey', 'mine', 'link')],
    ['first', joint('mine', 'password', 'link'), joint('mine', 'password', 'key: loadKey', 'link')],
    ['last', joint('password', 'link', 'mine'), joint('password', 'key: loadKey', 'link', 'mine')],
    [
      'in another order',
      joint('link', 'mine', 'password'),
      joint('link', 'mine', 'password', 'key: loadKey'),
    ],
    ['where ours stand no more', joint('mine'), joint('mine', 'key: loadKey')],
  ])('adds ours to an owner’s entry that is %s, and takes it back', (_where, mine, both) => {
    expect(ours(without, mine, with_)).toBe(both)
    expect(ours(with_, both, without)).toBe(mine)
  })

  it('takes the same steps in the base, which is the target then', () => {
    expect(alignEntries('ways.ts', without, joint('password', 'mine', 'link'), with_)?.base).toBe(with_)
    expect(alignEntries('ways.ts', with_, with_, without)?.base).toBe(without)
  })

  it('leaves what the owner changed to the lines', () => {
    const changed = joint('password', 'key: loadMine', 'link')
    expect(ours(with_, changed, without)).toBeUndefined()
    expect(ours(with_, changed, joint('password', 'key: loadOther', 'link'))).toBeUndefined()
    expect(ours(without, changed, with_)).toBeUndefined()
    expect(ours(with_, with_.replace('  key', '  // keep this\n  key'), without)).toBeUndefined()
    expect(ours(with_, joint('password', 'other: loadKey', 'link'), without)).toBeUndefined()
  })

  it('takes what the owner took out, too, for gone', () => {
    expect(ours(with_, joint('password', 'link', 'mine'), without)).toBe(joint('password', 'link', 'mine'))
  })

  it('replaces what nobody changed, beside what the owner added', () => {
    const target = joint('password', 'key: loadOther', 'link')
    expect(ours(with_, with_.replace('  link', '  mine,\n  link'), target)).toBe(
      target.replace('  link', '  mine,\n  link'),
    )
  })

  it('carries comments along', () => {
    const target = joint('password', '// a secret\n  key: loadKey', 'link').replace(
      'loadKey,',
      'loadKey, // kept',
    )
    expect(ours(without, joint('password', 'mine', 'link'), target)).toBe(
      joint('password', '// a secret\n  key: loadKey', 'mine', 'link').replace(
        'loadKey,',
        'loadKey, // kept',
      ),
    )
  })

  it('keeps a comment of the owner beside ours, before and behind', () => {
    const mine = joint('password', 'key: loadKey', '// about mine\n  mine', 'link').replace(
      'mine,',
      'mine, // why',
    )
    expect(ours(with_, mine, without)).toBe(
      joint('password', '// about mine\n  mine', 'link').replace('mine,', 'mine, // why'),
    )
  })

  it.each([
    [
      'lists',
      'export const all = [a, b]\n',
      'export const all = [a, mine]\n',
      'export const all = [a]\n',
      'export const all = [a, b, mine]\n',
    ],
    [
      'spreads',
      'x = [...a(), ...b()]\n',
      'x = [...a(), ...mine]\n',
      'x = [...a()]\n',
      'x = [...a(), ...b(), ...mine]\n',
    ],
    [
      'an empty object',
      'export const all: Ways = { b }\n',
      'export const all: Ways = {}\n',
      'export const all: Ways = {}\n',
      'export const all: Ways = { b }\n',
    ],
    [
      'what a function returns',
      'function f() {\n  return [route(a, 1), route(b, 2)]\n}\n',
      'function f() {\n  return [route(a, 1), route(c, 3)]\n}\n',
      'function f() {\n  return [route(a, 1)]\n}\n',
      'function f() {\n  return [route(a, 1), route(b, 2), route(c, 3)]\n}\n',
    ],
    [
      'objects in objects',
      'const w = {\n  home: { a: 1, b: 2 },\n}\n',
      'const w = {\n  home: { a: 1, mine: 3 },\n}\n',
      'const w = {\n  home: { a: 1 },\n}\n',
      'const w = {\n  home: { a: 1, b: 2, mine: 3 },\n}\n',
    ],
  ])('knows %s', (_what, target, mine, base, both) => {
    expect(ours(base, mine, target)).toBe(both)
    expect(ours(target, both, base)).toBe(mine)
  })

  it('leaves a text that does not parse, and a list whose entries cannot be told apart', () => {
    expect(ours(without, 'export const ways = {', with_)).toBeUndefined()
    expect(ours('x = [a, a]\n', 'x = [a, a, mine]\n', 'x = [a, a, b]\n')).toBeUndefined()
    expect(ours('x = [, a]\n', 'x = [, a, mine]\n', 'x = [, a, b]\n')).toBeUndefined()
  })

  it('loses and moves nothing of the owner’s, and takes back what it did', () => {
    const known: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f']
    const names = fc.uniqueArray(fc.constantFrom(...known), { maxLength: 6 })
    const own = fc.array(fc.tuple(fc.nat(6), fc.stringMatching(/^mine[0-9]{3}$/u)), { maxLength: 4 })
    fc.assert(
      fc.property(names, own, names, (base, inserted, come) => {
        const target = known.filter((name) => base.includes(name) || come.includes(name))
        const former = known.filter((name) => base.includes(name))
        const mine = inserted.reduce<string[]>(
          (all, [at, name]) => (all.includes(name) ? all : all.toSpliced(at, 0, name)),
          former,
        )
        const added = ours(joint(...former), joint(...mine), joint(...target)) ?? joint(...mine)
        const entries = [...added.matchAll(/^ {2}(\w+),$/gmu)].map(([, name]) => name)
        expect(entries.filter((name) => name?.startsWith('mine'))).toEqual(
          mine.filter((name) => name.startsWith('mine')),
        )
        expect([...entries].sort()).toEqual([...new Set([...mine, ...target])].sort())
        expect(ours(joint(...target), added, joint(...former)) ?? added).toBe(joint(...mine))
      }),
    )
  })
})
