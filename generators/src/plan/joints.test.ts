import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { features, isOptionalFeature, type Feature } from '../features.ts'
import { createRenamer } from '../names.ts'
import { rulesOf } from '../rules.ts'
import { defaultFlags, defaultNames, type State } from '../state.ts'
import { addOwnEntry, ownEntry, type OwnEntry, ownMarks } from '../testing-only/own-entries.ts'
import { createFolder, readTexts, smallState } from '../testing-only/small-app.ts'
import { templateWithToys } from '../testing-only/template-with-toys.ts'
import { applyPlan } from './apply-plan.ts'
import { isEmptyPlan } from './plan.ts'
import { planTransition } from './plan-transition.ts'

// Two features that meet in every joint: the real one and a toy.
vi.mock('../features/list.ts', async () => {
  const { passkeys: real } = await import('../features/passkeys.ts')
  const { toys } = await import('../testing-only/toys.ts')
  return { optionalFeatures: [real, toys] }
})

const template = templateWithToys()
const { features: parts } = rulesOf(template)
const joints = Object.keys(parts['passkeys']?.joints ?? {})
const [keys, toys] = features.filter(isOptionalFeature)
if (keys === undefined || toys === undefined) throw new Error('There are two features.')

type Kind = Pick<State, 'flags' | 'names'>
const otherNames = { context: 'ShipCrews', entity: 'DeckHand', table: 'port_calls' }

// The other two of these four stand in features.test.ts.
const kinds: [string, Kind][] = [
  ['uuids and the names of the templates', { flags: defaultFlags, names: defaultNames }],
  ['bigints and other names', { flags: { ...defaultFlags, id: 'bigint' }, names: otherNames }],
]

const plan = (root: string, from: State | null, to: State) =>
  planTransition({ root, from, to, archive: () => template })

async function go(root: string, ...states: readonly State[]): Promise<void> {
  for (const [index, to] of states.entries()) await applyPlan(await plan(root, states[index - 1] ?? null, to))
}

describe.each(kinds)('two features that meet in every joint, with %s', (_, kind) => {
  const stateOf = (...chosen: Feature[]) => smallState({ ...kind, features: ['accounts', ...chosen] })

  it('are there whole after creating with them as after adding them, in either order', async () => {
    const both = await textsAfter(stateOf(keys, toys))
    expect(both['app/sign-in-ways.ts']).toMatch(/ {2}passkey,\n {2}toy,\n/u)
    expect(both['.env.example']).toContain('TOY_BOX')
    expect(await textsAfter(stateOf(), stateOf(keys), stateOf(keys, toys))).toEqual(both)
    expect(await textsAfter(stateOf(), stateOf(toys), stateOf(keys, toys))).toEqual(both)
  })

  it('leave nothing behind', async () => {
    const without = await textsAfter(stateOf())
    expect(JSON.stringify(without)).not.toMatch(/passkeys\/|toy/iu)
    expect(await textsAfter(stateOf(), stateOf(keys, toys), stateOf(keys), stateOf())).toEqual(without)
    expect(await textsAfter(stateOf(), stateOf(toys, keys), stateOf(toys), stateOf())).toEqual(without)
  })

  it('come and go beside entries of the owner, before, between and after them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ownEntries, { minLength: 12, maxLength: 24 }), async (own) => {
        const root = await createOwn(stateOf(), own)
        const before = await comparable(root)
        const mine = marksOf(before)
        expect(mine.length).toBeGreaterThan(0)

        await step(root, stateOf(), stateOf(keys))
        await step(root, stateOf(keys), stateOf(keys, toys))
        const one = await comparable(root)
        expect(marksOf(one)).toEqual(mine)
        await step(root, stateOf(keys, toys), stateOf(toys))
        await step(root, stateOf(toys), stateOf())
        expect(await comparable(root)).toEqual(before)

        await step(root, stateOf(), stateOf(toys))
        await step(root, stateOf(toys), stateOf(keys, toys))
        expect(await comparable(root)).toEqual(one)
        expect(isEmptyPlan(await plan(root, stateOf(keys, toys), stateOf(keys, toys)))).toBe(true)
      }),
      { numRuns: 1, endOnFailure: true }, // more of them, text by text: merged-joints.test.ts,
    )
  })
})

/** One entry of the owner, and in which joint. */
const ownEntries = fc.record({ joint: fc.constantFrom(...joints), entry: ownEntry })

async function createOwn(state: State, own: readonly { joint: string; entry: OwnEntry }[]): Promise<string> {
  const root = join(await createFolder(), 'app')
  const { path } = createRenamer(state.names, parts)
  await go(root, state)
  for (const [index, { joint, entry }] of own.entries()) {
    const file = join(root, path(joint))
    await writeFile(file, addOwnEntry(await readFile(file, 'utf8'), `mine${index}`, entry))
  }
  return root
}

async function step(root: string, from: State, to: State): Promise<void> {
  await applyPlan(await plan(root, from, to))
}

async function textsAfter(...states: readonly State[]): Promise<Record<string, unknown>> {
  const root = join(await createFolder(), 'app')
  await go(root, ...states)
  return comparable(root)
}

/** Migrations are history, edits are recorded as they went, and keys of package.json come one by one. */
async function comparable(root: string): Promise<Record<string, string>> {
  const texts = [...(await readTexts(root))].filter(
    ([path]) => !/^(\.sigra|migrations)\//u.test(path) && !/^sigra\.|^package\.json$/u.test(path),
  )
  return Object.fromEntries(texts)
}

/** What is the owner's, by its file. */
function marksOf(texts: Record<string, string>): string[] {
  return Object.entries(texts).flatMap(([path, text]) => ownMarks(text).map((mark) => `${path} ${mark}`))
}
