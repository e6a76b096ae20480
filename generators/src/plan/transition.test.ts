import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConflictsFound } from '../errors.ts'
import { createState, defaultFlags, flagValues, type State } from '../state.ts'
import { createFolder, readTexts, smallState, writeTexts } from '../testing-only/small-app.ts'
import { planSmall } from '../testing-only/plan-small.ts'
import { applyPlan } from './apply-plan.ts'
import { describeDiff, describePlan, planToJson } from './describe-plan.ts'
import { isEmptyPlan } from './plan.ts'
import { planTransition } from './plan-transition.ts'

const bare = smallState({ features: [] })
const full = smallState()
const members = smallState({ names: { context: 'Members', entity: 'Member', table: 'members' } })
const inProcess = smallState({ flags: { ...defaultFlags, mail: 'in-process' } })

async function create(state: State): Promise<string> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await planSmall(root, null, state))
  return root
}

async function edit(root: string, path: string, change: (text: string) => string): Promise<void> {
  await writeFile(join(root, path), change(await readFile(join(root, path), 'utf8')))
}

describe('a transition', () => {
  it('applied twice changes nothing the second time', async () => {
    const root = await create(full)
    expect(isEmptyPlan(await planSmall(root, full, full))).toBe(true)
  })

  it('gives the same app in one step and in two, whatever the flags', async () => {
    const state = fc.record({
      id: fc.constantFrom(...flagValues.id),
      mail: fc.constantFrom(...flagValues.mail),
      db: fc.constantFrom(...flagValues.db),
      pm: fc.constantFrom(...flagValues.pm),
    })
    await fc.assert(
      fc.asyncProperty(state, async (flags) => {
        const to = smallState({ flags })
        const direct = await readTexts(await create(to))
        const root = await create({ ...bare, flags })
        await applyPlan(await planSmall(root, { ...bare, flags }, to))
        expect(ignoringOrder(await readTexts(root))).toEqual(ignoringOrder(direct))
      }),
      { numRuns: 5 },
    )
  }, 60_000)

  it('goes to another option and back without a trace', async () => {
    const root = await create(full)
    const before = await readTexts(root)
    await applyPlan(await planSmall(root, full, inProcess))
    expect((await readTexts(root)).has('worker.ts')).toBe(false)
    await applyPlan(await planSmall(root, inProcess, full))
    expect(ignoringOrder(await readTexts(root))).toEqual(ignoringOrder(before))
  })

  it('carries edits along when names move a file', async () => {
    const root = await create(full)
    await edit(root, 'app/accounts/accounts.server.ts', (text) =>
      text.replace('// ', '').concat('\nexport const mine = 1\n'),
    )
    await applyPlan(await planSmall(root, full, members))
    const texts = await readTexts(root)
    expect(texts.has('app/accounts/accounts.server.ts')).toBe(false)
    expect(texts.get('app/members/members.server.ts')).toContain('export const mine = 1')
    expect(texts.get('app/members/members.server.ts')).toContain('registerUser')
  })

  it('says that tables which get other names or keys are moved by hand, and leaves migrations alone', async () => {
    const root = await create(full)
    const before = await readTexts(root)
    const bigint = smallState({ flags: { ...defaultFlags, id: 'bigint' } })
    for (const to of [members, bigint]) {
      const next = await planSmall(root, full, to)
      expect(next.notes).toEqual([expect.stringContaining('write that migration by hand')])
      const touched = next.changes.filter(({ path }) => path.startsWith('migrations/'))
      expect(touched.filter(({ path, after }) => after !== before.get(path))).toEqual([])
    }
    expect((await planSmall(root, full, inProcess)).notes).toEqual([])
  })

  it('keeps, detaches or leaves deleted what the owner edited or removed', async () => {
    const root = await create(full)
    await edit(root, 'worker.ts', (text) => `${text}// mine\n`)
    await rm(join(root, 'AGENTS.md'))
    const next = await planSmall(root, full, inProcess)
    expect(describePlan(next)).toContain('leave to you  worker.ts')
    await applyPlan(next)
    const texts = await readTexts(root)
    expect(texts.get('worker.ts')).toContain('// mine')
    expect(texts.has('AGENTS.md')).toBe(false)
    expect(JSON.parse(texts.get('sigra.lock.json') ?? '').detached).toEqual({ 'worker.ts': true })
  })

  it('does not make an edit again that the owner took back', async () => {
    const root = await create(full)
    await edit(root, 'package.json', (text) =>
      text.replace('    "worker": "node worker.js"', '    "mine": "1"'),
    )
    await applyPlan(await planSmall(root, full, { ...full, routes: [{ name: 'projects', guard: 'user' }] }))
    expect(await readFile(join(root, 'package.json'), 'utf8')).not.toContain('worker.js')
  })

  it('never loses what the owner wrote, wherever they wrote it', async () => {
    const paths = [
      'app/accounts/accounts.server.ts',
      'app/sigra.routes.ts',
      'app/root.tsx',
      'AGENTS.md',
      'package.json',
      'worker.ts',
    ]
    const edits = fc.array(
      fc.tuple(fc.constantFrom(...paths), fc.nat(40), fc.integer({ min: 100, max: 999 })),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    const targets = fc.constantFrom(inProcess, members, {
      ...full,
      routes: [{ name: 'projects', guard: 'user' as const }],
    })
    await fc.assert(
      fc.asyncProperty(edits, targets, fc.boolean(), async (changes, to, isCrlf) => {
        const root = await create(full)
        const written: string[] = []
        for (const [path, at, number] of changes) {
          const mark = path === 'package.json' ? `  "mine-${number}": 1,` : `// mine-${number}`
          written.push(`mine-${number}`)
          await edit(root, path, (text) => {
            const lines = text.replaceAll('\r\n', '\n').split('\n')
            const line = path === 'package.json' ? 1 : Math.min(at, lines.length - 1)
            return lines.toSpliced(line, 0, mark).join(isCrlf ? '\r\n' : '\n')
          })
        }
        const before = await readTexts(root)
        const refusal = await applyPlan(await planSmall(root, full, to)).then(
          () => null,
          (error: unknown) => error,
        )
        const isUntouched = JSON.stringify([...(await readTexts(root))]) === JSON.stringify([...before])
        expect(refusal === null || (refusal instanceof ConflictsFound && isUntouched)).toBe(true)
        if (refusal !== null) await applyPlan(await planSmall(root, full, to, { decide: () => 'merge' }))
        const everything = [...(await readTexts(root)).values()].join('\n')
        for (const mark of written) expect(everything).toContain(mark)
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('plans the same dry as it does for real, and writes nothing', async () => {
    const root = join(await createFolder(), 'app')
    const dry = planToJson(await planSmall(root, null, full))
    expect(await readTexts(root)).toEqual(new Map())
    const real = await planSmall(root, null, full)
    expect(planToJson(real)).toEqual(dry)
    await applyPlan(real)
    const created = dry.changes.filter(({ action }) => action === 'create').map(({ path }) => path)
    expect([...(await readTexts(root)).keys()].sort()).toEqual(created.sort())
  })

  it('never touches .env', async () => {
    const root = await create(full)
    await writeTexts(root, { '.env': 'SIGRA_SECRETS=mine\n' })
    await applyPlan(await planSmall(root, full, members))
    expect(await readFile(join(root, '.env'), 'utf8')).toBe('SIGRA_SECRETS=mine\n')
  })

  it('refuses a folder that leads out of the app, and a file that is a link', async () => {
    const folder = await createFolder()
    const root = join(folder, 'app')
    await mkdir(join(folder, 'elsewhere'))
    await mkdir(root)
    await symlink(join(folder, 'elsewhere'), join(root, 'migrations'))
    await expect(planSmall(root, null, full)).rejects.toMatchObject({ exitCode: 4, message: /leads out/u })
    await rm(join(root, 'migrations'))
    await writeTexts(folder, { 'secret.ts': 'mine\n' })
    await symlink(join(folder, 'secret.ts'), join(root, 'worker.ts'))
    await expect(planSmall(root, null, full)).rejects.toMatchObject({
      exitCode: 4,
      message: /ordinary file/u,
    })
    expect(await readTexts(join(folder, 'elsewhere'))).toEqual(new Map())
  })

  it('refuses when a file changed after the plan was made', async () => {
    const root = await create(full)
    const next = await planSmall(root, full, inProcess)
    await edit(root, 'package.json', (text) => `${text}\n`)
    await expect(applyPlan(next)).rejects.toMatchObject({ exitCode: 4, message: /package\.json changed/u })
  })

  it('needs its lock file, undamaged and of this version', async () => {
    const root = await create(full)
    await writeFile(join(root, 'sigra.lock.json'), '{')
    await expect(planSmall(root, full, full)).rejects.toMatchObject({
      exitCode: 4,
      message: /not valid JSON/u,
    })
    await rm(join(root, 'sigra.lock.json'))
    await expect(planSmall(root, full, full)).rejects.toMatchObject({ exitCode: 4, message: /missing/u })
    const old = createState({ version: '0.0.0-old' })
    await expect(planTransition({ root, from: old, to: old })).rejects.toMatchObject({ exitCode: 4 })
  })

  it('records one fact per line, sorted, so that two branches merge', async () => {
    const root = await create(full)
    const text = await readFile(join(root, 'sigra.lock.json'), 'utf8')
    const files = Object.keys(JSON.parse(text).files)
    expect(files).toEqual([...files].sort())
    for (const path of files)
      expect(text).toMatch(new RegExp(`^    "${path.replaceAll('.', '\\.')}": "sha256:`, 'mu'))
  })
})

describe('a page of your own', () => {
  it.each([
    ['dashboard', /“dashboard” is taken by a generated page/u],
    ['users/log-in', /“users\/log-in” is taken by a generated page/u],
  ])('called %s in sigra.json is refused', async (name, message) => {
    const root = await create(full)
    await expect(planSmall(root, full, { ...full, routes: [{ name, guard: 'user' }] })).rejects.toThrow(
      message,
    )
  })
})

describe('describeDiff', () => {
  it('shows a unified diff of what would change', async () => {
    const root = await create(full)
    const diff = await describeDiff(
      await planSmall(root, full, { ...full, routes: [{ name: 'projects', guard: 'none' }] }),
    )
    expect(diff).toContain('+++ b/app/routes/projects.tsx')
    expect(diff).toContain("+    route('projects', 'routes/projects.tsx'),")
  })
})

/** Keys of package.json may come in another order when they arrive one by one; edits are recorded as they went. */
function ignoringOrder(texts: ReadonlyMap<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    [...texts].flatMap(([path, text]) => {
      if (path.startsWith('.sigra/')) return []
      if (path === 'package.json') return [[path, JSON.parse(text)]]
      return [[path, path === 'sigra.lock.json' ? { ...JSON.parse(text), edits: null } : text]]
    }),
  )
}
