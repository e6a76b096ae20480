import fc from 'fast-check'
import { format, type Options } from 'prettier'
import { describe, expect, it } from 'vitest'
import { optionalFeatures, type OptionalFeature } from '../features.ts'
import type { Formatter } from '../format.ts'
import { createRenamer } from '../names.ts'
import { render } from '../render.ts'
import { rulesOf } from '../rules.ts'
import { createState, defaultFlags, defaultNames, flagValues, type State } from '../state.ts'
import { loadTemplate } from '../template.ts'
import { addOwnEntry, ownEntry, ownMarks } from '../testing-only/own-entries.ts'
import { generatorVersion } from '../version.ts'
import { decideFile } from './decide.ts'

// Text by text, with the features as they ship: every joint of each, either kind of ids, any names. That a whole app goes
// the same way on a disk is in features.test.ts, and for two features that meet in every joint in joints.test.ts.

const { features: parts } = rulesOf(loadTemplate())
const names = optionalFeatures.map(({ name }) => name)
const joints = [...new Set(names.flatMap((name) => Object.keys(parts[name]?.joints ?? {})))]

type Kind = Pick<State, 'flags' | 'names'>
type Chosen = readonly OptionalFeature[]

const pascal = fc.stringMatching(/^[A-Z][a-z]{3,8}(?:[A-Z][a-z]{3,8})?$/u)
const table = fc.stringMatching(/^[a-z]{3,9}(?:_[a-z]{3,9})?$/u)
const anyNames = fc.record({ context: pascal, entity: pascal, table })
const nameSets = [defaultNames, ...fc.sample(anyNames, 1)]
const kinds = nameSets.flatMap((set, index): [string, Kind][] => {
  const id = flagValues.id[index % flagValues.id.length] ?? 'uuid'
  return [[`${id} and ${Object.values(set).join(', ')}`, { flags: { ...defaultFlags, id }, names: set }]]
})

describe.each(kinds)('what becomes of every joint, with %s', (_, kind) => {
  it('is the same in whichever order features come and go, beside whatever its owner wrote there', async () => {
    const app = appOf(kind)
    const order = fc.shuffledSubarray(names, { minLength: names.length })
    const own = fc.array(ownEntry, { maxLength: 4 })
    for (const joint of joints)
      await fc.assert(
        fc.asyncProperty(order, order, own, async (come, leave, entries) => {
          const path = app.path(joint)
          const added = entries.reduce(
            (text, entry, index) => addOwnEntry(text, `mine${index}`, entry),
            app.rendered(path, []),
          )
          const start = await app.layOut(path, added)

          const full = await app.go(path, start, [], come)
          expect(ownMarks(full)).toEqual(ownMarks(start))
          expect(await app.go(path, app.rendered(path, []), [], come)).toBe(app.rendered(path, names))
          expect(await app.go(path, start, [], come.toReversed())).toBe(full)
          expect(await app.go(path, full, names, leave)).toBe(start)
        }),
        { numRuns: 2, endOnFailure: true },
      )
  })
})

/** What one kind of app consists of, and what plans make of a file of it. */
function appOf(kind: Kind) {
  const trees = new Map<string, ReturnType<typeof render>>()
  const treeOf = (chosen: Chosen) => {
    const key = names.filter((name) => chosen.includes(name)).join()
    const tree = trees.get(key) ?? render(stateOf(kind, chosen))
    trees.set(key, tree)
    return tree
  }
  const rendered = (path: string, chosen: Chosen) => treeOf(chosen).get(path) ?? ''
  const style: Options = JSON.parse(rendered('.prettierrc.json', []))
  const formatted = new Map<string, Promise<string>>()
  const layOut: Formatter = (path, text) => {
    const known = formatted.get(text) ?? format(text, { ...style, filepath: path })
    formatted.set(text, known)
    return known
  }
  return {
    path: createRenamer(kind.names, parts).path,
    rendered,
    layOut,
    /** Takes each of these in, or out where it is there, one plan after the other. */
    async go(path: string, text: string, had: Chosen, turned: Chosen): Promise<string> {
      let [disk, has] = [text, had]
      for (const name of turned) {
        const next = has.includes(name) ? has.filter((each) => each !== name) : [...has, name]
        const texts = { base: rendered(path, has), disk, target: rendered(path, next) }
        const { action, after } = await decideFile(path, texts, layOut, false).then((verdict) =>
          verdict.action === 'conflict' ? { action: verdict.action, after: null } : verdict,
        )
        expect({ path, name, action, after }).toMatchObject({ after: expect.any(String) })
        disk = after ?? ''
        has = next
      }
      return disk
    },
  }
}

function stateOf(kind: Kind, chosen: Chosen): State {
  const features = ['accounts', ...names.filter((name) => chosen.includes(name))] as const
  return createState({ version: generatorVersion, appName: 'App', ...kind, features })
}
