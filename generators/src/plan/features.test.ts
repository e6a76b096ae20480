import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { format, resolveConfig } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { features, optionalFeatures } from '../features.ts'
import { createTree } from '../golden/create-tree.ts'
import { render } from '../render.ts'
import { createState, defaultFlags, type State } from '../state.ts'
import { createFolder, readTexts } from '../testing-only/small-app.ts'
import { generatorVersion } from '../version.ts'
import { applyPlan } from './apply-plan.ts'
import { planToJson } from './describe-plan.ts'
import { isEmptyPlan, type Decision } from './plan.ts'
import { planTransition } from './plan-transition.ts'

// On the templates as they ship: what passkeys touch is found by rendering with and without them.

const state = (changes: Partial<State> = {}) =>
  createState({ version: generatorVersion, appName: 'App', ...changes })
const full = state()
const without = state({ features: ['accounts'] })
const retired = state({ features: ['accounts'], retired: ['passkeys'] })

interface StoredEdit {
  what: string
  changes: { path: string; find: string; replace: string }[]
  files?: Record<string, string>
  reformat?: boolean
}

const editsFolder = fileURLToPath(new URL('../../../fixtures/edits', import.meta.url))
const edits = (await readdir(editsFolder)).sort()

let created: ReadonlyMap<string, string>
beforeAll(async () => {
  created = await createTree(full)
})

async function createApp(tree: ReadonlyMap<string, string>): Promise<string> {
  const root = join(await createFolder(), 'app')
  for (const [path, text] of tree) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

async function go(root: string, from: State, to: State, decision: Decision = 'refuse'): Promise<void> {
  await applyPlan(await planTransition({ root, from, to, decide: () => decision }))
}

describe('adding what was left out', () => {
  it('ends where creating with it ends, and once more changes nothing', async () => {
    const root = await createApp(await createTree(without))
    const dry = planToJson(await planTransition({ root, from: without, to: full }))
    const plan = await planTransition({ root, from: without, to: full })
    expect(planToJson(plan)).toEqual(dry)
    await applyPlan(plan)
    expect(comparable(await readTexts(root))).toEqual(comparable(created))
    expect(isEmptyPlan(await planTransition({ root, from: full, to: full }))).toBe(true)
  })

  it('after taking it out is as if nothing had been', async () => {
    const root = await createApp(created)
    await go(root, full, retired)
    expect(isEmptyPlan(await planTransition({ root, from: retired, to: retired }))).toBe(true)
    await go(root, retired, full)
    expect(comparable(await readTexts(root))).toEqual(comparable(created))
  })

  it('and taking it out leave every migration and its snapshot alone', async () => {
    const migrations = (texts: ReadonlyMap<string, string>) =>
      [...texts].filter(([path]) => path.startsWith('migrations/'))
    const root = await createApp(created)
    await go(root, full, retired)
    expect(migrations(await readTexts(root))).toEqual(migrations(created))
    await go(root, retired, without)
    expect(migrations(await readTexts(root))).toEqual(migrations(created))
  })
})

const kinds: [string, Partial<State>][] = [
  ['bigints', { flags: { ...defaultFlags, id: 'bigint' } }],
  ['other names', { names: { context: 'ShipCrews', entity: 'DeckHand', table: 'port_calls' } }],
]

// Both at once stand in joints.test.ts.
describe.each(optionalFeatures)('adding $name alone', ({ name, needs }) => {
  const ground = features.filter((known) => known === 'accounts' || needs.includes(known))

  it.each(kinds)(
    'ends where creating ends, and taking it out where nothing was, with %s',
    async (_, kind) => {
      const less = state({ ...kind, features: ground })
      const whole = state({ ...kind, features: [...ground, name] })
      const gone = state({ ...kind, features: ground, retired: [name] })
      const bare = await createTree(less)
      const root = await createApp(bare)
      await go(root, less, whole)
      expect(comparable(await readTexts(root))).toEqual(comparable(await createTree(whole)))
      await go(root, whole, gone)
      await go(root, gone, less)
      expect(comparable(await readTexts(root))).toEqual(comparable(bare))
      expect(isEmptyPlan(await planTransition({ root, from: less, to: less }))).toBe(true)
    },
  )
})

describe('an edit somebody made survives that passkeys go and come back', () => {
  it.each(edits)('%s', async (name) => {
    const edit: StoredEdit = JSON.parse(await readFile(join(editsFolder, name), 'utf8'))
    const root = await createApp(await applyEdit(created, edit))
    const before = await readTexts(root)

    await go(root, full, retired)
    const between = await readTexts(root)
    for (const { path, replace } of edit.changes)
      expect({ path, text: between.get(path) }).toMatchObject({ text: expect.stringContaining(replace) })
    for (const [path, text] of Object.entries(edit.files ?? {})) expect(between.get(path)).toBe(text)
    expect([...between].filter(([path, text]) => isCode(path) && text.includes('<<<<<<<'))).toEqual([])
    if (edit.reformat) await expectFormatted(root, between, before)

    await go(root, retired, full)
    const after = await readTexts(root)
    expect(comparable(after)).toEqual(comparable(before))
    if (edit.reformat) await expectFormatted(root, after, between)
  })

  it('whatever they wrote, wherever they wrote it', async () => {
    const [one, other] = [render(full), render(without)]
    const touched = [...one.keys()].filter((path) => isCode(path) && one.get(path) !== other.get(path))
    const paths = touched.filter((path) => !path.startsWith('migrations/'))
    expect(paths).toContain('app/accounts/entities/index.ts')
    const changes = fc.array(fc.tuple(fc.constantFrom(...paths), fc.nat(200), fc.boolean()), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(changes, fc.boolean(), async (made, isCrlf) => {
        const tree = new Map(created)
        for (const [index, [path, at, isReplacing]] of made.entries()) {
          const lines = (tree.get(path) ?? '').replaceAll('\r\n', '\n').split('\n')
          tree.set(
            path,
            lines.toSpliced(at % lines.length, isReplacing ? 1 : 0, mark(index)).join(isCrlf ? '\r\n' : '\n'),
          )
        }
        const marks = [...[...tree.values()].join('\n').matchAll(/\/\/mine-\d+;/gu)].map(([found]) => found)
        const root = await createApp(tree)
        await go(root, full, retired, 'merge')
        expectMarks(await readTexts(root), marks)
        await rm(join(root, '.sigra'), { recursive: true, force: true }) // as it is, both sides and markers: settled
        await go(root, retired, full, 'merge')
        expectMarks(await readTexts(root), marks)
      }),
      { numRuns: 6 },
    )
  })
})

/** Without a space: what lands in the text of a page may be wrapped like any prose. */
function mark(index: number): string {
  return `//mine-${index};`
}

function expectMarks(texts: ReadonlyMap<string, string>, marks: readonly string[]): void {
  const everything = [...texts]
    .filter(([path]) => !path.startsWith('.sigra/'))
    .map(([, text]) => text)
    .join('\n')
  for (const text of marks) expect(everything).toContain(text)
}

async function applyEdit(
  tree: ReadonlyMap<string, string>,
  edit: StoredEdit,
): Promise<ReadonlyMap<string, string>> {
  const edited = new Map([...tree, ...Object.entries(edit.files ?? {})])
  for (const { path, find, replace } of edit.changes) {
    const text = edited.get(path) ?? ''
    expect({ path, text }).toMatchObject({ text: expect.stringContaining(find) })
    edited.set(
      path,
      text.replace(find, () => replace),
    )
  }
  if (!edit.reformat) return edited
  const options = JSON.parse(edited.get('.prettierrc.json') ?? '{}')
  for (const [path, text] of edited) {
    if (isCode(path)) edited.set(path, await format(text, { ...options, filepath: path }))
  }
  return edited
}

/** What was written follows the style of the app. */
async function expectFormatted(
  root: string,
  texts: ReadonlyMap<string, string>,
  former: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [path, text] of texts) {
    if (!isCode(path) || text === former.get(path)) continue
    const options = await resolveConfig(join(root, path))
    expect({ path, text: await format(text, { ...options, filepath: path }) }).toEqual({ path, text })
  }
}

function isCode(path: string): boolean {
  return /\.(ts|tsx|css|md)$/u.test(path)
}

/** Migrations are history, edits are recorded as they went, and keys of package.json come one by one. */
function comparable(texts: ReadonlyMap<string, string>): Record<string, unknown> {
  const watched = [...texts].filter(
    ([path]) => !path.startsWith('.sigra/') && !path.startsWith('migrations/'),
  )
  return Object.fromEntries(
    watched.map(([path, text]) => {
      if (path === 'package.json') return [path, JSON.parse(text)]
      if (path !== 'sigra.lock.json') return [path, text]
      const { edits: _, migrations: __, files, ...rest } = JSON.parse(text)
      const isHistory = (entry: string) => entry.startsWith('migrations/')
      return [path, { ...rest, files: Object.keys(files).filter((entry) => !isHistory(entry)) }]
    }),
  )
}
