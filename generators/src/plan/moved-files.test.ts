import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLock } from '../parse-lock.ts'
import type { State } from '../state.ts'
import type { Template } from '../template.ts'
import { createFolder, readTexts, smallState, smallTemplate, writeTexts } from '../testing-only/small-app.ts'
import { applyPlan } from './apply-plan.ts'
import { isEmptyPlan, type Decision, type Plan } from './plan.ts'
import { planTransition } from './plan-transition.ts'

const generated = 'app/accounts/accounts.server.ts'
const own = 'app/people/accounts.server.ts'
const [before, after] = [smallState(), smallState({ version: '0.0.1' })]

/** The next version: a fix in a file, and a new file that imports it. */
const fixed: Template = new Map([
  ...smallTemplate,
  [generated, (smallTemplate.get(generated) ?? '').replace('.logOutUser(args)', '.logOutUser(args, true)')],
  [
    'app/accounts/new.ts',
    "import { logInUser } from './accounts.server.ts'\nimport '~/accounts/accounts.server'\n\nvoid logInUser\n",
  ],
])

function plan(root: string, from: State | null, to: State, decision: Decision = 'refuse'): Promise<Plan> {
  const archive = (version: string) => (version === '0.0.1' ? fixed : smallTemplate)
  return planTransition({ root, from, to, decide: () => decision, archive })
}

async function createApp(): Promise<string> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await plan(root, null, before))
  return root
}

async function move(root: string, change = (text: string) => text): Promise<void> {
  await mkdir(dirname(join(root, own)), { recursive: true })
  await rename(join(root, generated), join(root, own))
  await writeFile(join(root, own), change(await readFile(join(root, own), 'utf8')))
}

const lockOf = (texts: ReadonlyMap<string, string>) => parseLock(texts.get('sigra.lock.json') ?? '')

describe('a file its owner moved', () => {
  it.each([
    ['as it was', (text: string) => text],
    ['and edited', (text: string) => text.replace('logInUser(args)', 'logInUser(args, 1)')],
  ])('%s gets its fix where it is, and imports lead there', async (_how, change) => {
    const root = await createApp()
    await move(root, change)
    await applyPlan(await plan(root, before, after))
    const texts = await readTexts(root)
    expect(texts.has(generated)).toBe(false)
    expect(texts.get(own)).toBe(change(fixed.get(generated) ?? ''))
    expect(texts.get('app/accounts/new.ts')).toContain(
      "from '../people/accounts.server.ts'\nimport '~/people/accounts.server'",
    )
    expect(lockOf(texts).moved).toEqual({ [generated]: own })
    expect(isEmptyPlan(await plan(root, after, after))).toBe(true)
  })

  it('is remembered, whatever its owner makes of it later', async () => {
    const root = await createApp()
    await move(root)
    await applyPlan(await plan(root, before, { ...before, routes: [{ name: 'projects', guard: 'none' }] }))
    await writeFile(join(root, own), 'export const all = 1\n')
    const next = await plan(root, { ...before, routes: [{ name: 'projects', guard: 'none' }] }, after)
    expect(next.conflicts.map(({ path }) => path)).toEqual([own])
  })

  it('keeps its place when names change, and leaves with its feature', async () => {
    const root = await createApp()
    await move(root)
    const members = { ...before, names: { context: 'Members', entity: 'Member', table: 'members' } }
    await applyPlan(await plan(root, before, members))
    const texts = await readTexts(root)
    expect(
      [...texts.keys()].filter((path) => path.endsWith('.server.ts') && path !== 'app/sigra.server.ts'),
    ).toEqual([own])
    expect(lockOf(texts).moved).toEqual({ 'app/members/members.server.ts': own })
  })

  it('is asked for where it may be one of two', async () => {
    const root = await createApp()
    const text = await readFile(join(root, generated), 'utf8')
    await rm(join(root, generated))
    await writeTexts(root, { 'app/a/one.ts': text, 'app/b/two.ts': text })
    const { conflicts } = await plan(root, before, after)
    expect(conflicts).toMatchObject([
      { path: generated, reason: expect.stringContaining('app/a/one.ts or app/b/two.ts') },
    ])
  })

  it('is not taken for a file that only has its name', async () => {
    const root = await createApp()
    await move(root, () => 'export const somethingElse = 1\n')
    const { conflicts } = await plan(root, before, after)
    expect(conflicts).toMatchObject([{ path: generated, reason: expect.stringContaining('left behind') }])
    await expect(applyPlan(await plan(root, before, after))).rejects.toMatchObject({ exitCode: 3 })
  })
})

describe('a file its owner deleted', () => {
  it('is nobody’s business while it stays the same', async () => {
    const root = await createApp()
    await rm(join(root, generated))
    const routes = { ...before, routes: [{ name: 'projects', guard: 'none' as const }] }
    await applyPlan(await plan(root, before, routes))
    expect((await readTexts(root)).has(generated)).toBe(false)
  })

  it('is asked about once when it changes', async () => {
    const root = await createApp()
    await rm(join(root, generated))
    await applyPlan(await plan(root, before, after, 'keep'))
    expect(lockOf(await readTexts(root)).deleted).toEqual([generated])
    const back = await plan(root, after, before)
    expect(back.conflicts).toEqual([])
    await applyPlan(back)
    expect((await readTexts(root)).has(generated)).toBe(false)
  })

  it('comes back where its owner says so', async () => {
    const root = await createApp()
    await rm(join(root, generated))
    await applyPlan(await plan(root, before, after, 'replace'))
    const texts = await readTexts(root)
    expect(texts.get(generated)).toBe(fixed.get(generated))
    expect(lockOf(texts).deleted).toEqual([])
  })
})
