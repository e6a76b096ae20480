import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { ConflictsFound } from '../errors.ts'
import { createState, defaultFlags, flagValues, type State } from '../state.ts'
import { createFolder, readTexts, renderSmall, smallState, writeTexts } from '../testing-only/small-app.ts'
import { applyPlan } from './apply-plan.ts'
import { describeDiff, describePlan, planToJson } from './describe-plan.ts'
import { isEmptyPlan, type Plan } from './plan.ts'
import { planTransition, type TransitionOptions } from './plan-transition.ts'
import { generatorVersion } from '../version.ts'

const bare = smallState({ features: [] })
const full = smallState()
const members = smallState({ names: { context: 'Members', entity: 'Member', table: 'members' } })
const inProcess = smallState({ flags: { ...defaultFlags, mail: 'in-process' } })

const plan = (
  root: string,
  from: State | null,
  to: State,
  more: Partial<TransitionOptions> = {},
): Promise<Plan> => planTransition({ root, from, to, render: renderSmall, ...more })

async function create(state: State): Promise<string> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await plan(root, null, state))
  return root
}

async function edit(root: string, path: string, change: (text: string) => string): Promise<void> {
  await writeFile(join(root, path), change(await readFile(join(root, path), 'utf8')))
}

describe('a transition', () => {
  it('applied twice changes nothing the second time', async () => {
    const root = await create(full)
    expect(isEmptyPlan(await plan(root, full, full))).toBe(true)
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
        await applyPlan(await plan(root, { ...bare, flags }, to))
        expect(ignoringOrder(await readTexts(root))).toEqual(ignoringOrder(direct))
      }),
      { numRuns: 5 },
    )
  }, 60_000)

  it('goes to another option and back without a trace', async () => {
    const root = await create(full)
    const before = await readTexts(root)
    await applyPlan(await plan(root, full, inProcess))
    expect((await readTexts(root)).has('worker.ts')).toBe(false)
    await applyPlan(await plan(root, inProcess, full))
    expect(ignoringOrder(await readTexts(root))).toEqual(ignoringOrder(before))
  })

  it('carries edits along when names move a file', async () => {
    const root = await create(full)
    await edit(root, 'app/accounts/accounts.server.ts', (text) =>
      text.replace('// ', '').concat('\nexport const mine = 1\n'),
    )
    await applyPlan(await plan(root, full, members))
    const texts = await readTexts(root)
    expect(texts.has('app/accounts/accounts.server.ts')).toBe(false)
    expect(texts.get('app/members/members.server.ts')).toContain('export const mine = 1')
    expect(texts.get('app/members/members.server.ts')).toContain('registerMember')
  })

  it('says that tables which get other names or keys are moved by hand, and leaves migrations alone', async () => {
    const root = await create(full)
    const before = await readTexts(root)
    const bigint = smallState({ flags: { ...defaultFlags, id: 'bigint' } })
    for (const to of [members, bigint]) {
      const next = await plan(root, full, to)
      expect(next.notes).toEqual([expect.stringContaining('write that migration by hand')])
      const touched = next.changes.filter(({ path }) => path.startsWith('migrations/'))
      expect(touched.filter(({ path, after }) => after !== before.get(path))).toEqual([])
    }
    expect((await plan(root, full, inProcess)).notes).toEqual([])
  })

  it('keeps, detaches or leaves deleted what the owner edited or removed', async () => {
    const root = await create(full)
    await edit(root, 'worker.ts', (text) => `${text}// mine\n`)
    await rm(join(root, 'AGENTS.md'))
    const next = await plan(root, full, inProcess)
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
    await applyPlan(await plan(root, full, { ...full, routes: [{ name: 'projects', guard: 'user' }] }))
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
        const refusal = await applyPlan(await plan(root, full, to)).then(
          () => null,
          (error: unknown) => error,
        )
        const isUntouched = JSON.stringify([...(await readTexts(root))]) === JSON.stringify([...before])
        expect(refusal === null || (refusal instanceof ConflictsFound && isUntouched)).toBe(true)
        if (refusal !== null) await applyPlan(await plan(root, full, to, { decide: () => 'merge' }))
        const everything = [...(await readTexts(root)).values()].join('\n')
        for (const mark of written) expect(everything).toContain(mark)
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('plans the same dry as it does for real, and writes nothing', async () => {
    const root = join(await createFolder(), 'app')
    const dry = planToJson(await plan(root, null, full))
    expect(await readTexts(root)).toEqual(new Map())
    const real = await plan(root, null, full)
    expect(planToJson(real)).toEqual(dry)
    await applyPlan(real)
    const created = dry.changes.filter(({ action }) => action === 'create').map(({ path }) => path)
    expect([...(await readTexts(root)).keys()].sort()).toEqual(created.sort())
  })

  it('never touches .env', async () => {
    const root = await create(full)
    await writeTexts(root, { '.env': 'SIGRA_SECRETS=mine\n' })
    await applyPlan(await plan(root, full, members))
    expect(await readFile(join(root, '.env'), 'utf8')).toBe('SIGRA_SECRETS=mine\n')
  })

  it('refuses a folder that leads out of the app, and a file that is a link', async () => {
    const folder = await createFolder()
    const root = join(folder, 'app')
    await mkdir(join(folder, 'elsewhere'))
    await mkdir(root)
    await symlink(join(folder, 'elsewhere'), join(root, 'migrations'))
    await expect(plan(root, null, full)).rejects.toMatchObject({ exitCode: 4, message: /leads out/u })
    await rm(join(root, 'migrations'))
    await writeTexts(folder, { 'secret.ts': 'mine\n' })
    await symlink(join(folder, 'secret.ts'), join(root, 'worker.ts'))
    await expect(plan(root, null, full)).rejects.toMatchObject({ exitCode: 4, message: /ordinary file/u })
    expect(await readTexts(join(folder, 'elsewhere'))).toEqual(new Map())
  })

  it('refuses when a file changed after the plan was made', async () => {
    const root = await create(full)
    const next = await plan(root, full, inProcess)
    await edit(root, 'package.json', (text) => `${text}\n`)
    await expect(applyPlan(next)).rejects.toMatchObject({ exitCode: 4, message: /package\.json changed/u })
  })

  it('needs its lock file, undamaged and of this version', async () => {
    const root = await create(full)
    await writeFile(join(root, 'sigra.lock.json'), '{')
    await expect(plan(root, full, full)).rejects.toMatchObject({ exitCode: 4, message: /not valid JSON/u })
    await rm(join(root, 'sigra.lock.json'))
    await expect(plan(root, full, full)).rejects.toMatchObject({ exitCode: 4, message: /missing/u })
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

describe('an install into an existing app', () => {
  const existing = smallState({ app: 'existing' })
  const host = {
    'package.json':
      '{\n\t"name": "host",\n\t"scripts": { "dev": "my-own-dev" },\n\t"dependencies": { "react-router": "8.5.1" }\n}\n',
    'app/root.tsx':
      "import { Links, Outlet } from 'react-router';\n\nexport default function App() {\n  return [<Links />, <Outlet />];\n}\n",
    'vite.config.ts': 'export default { plugins: [] };\n',
    'app/routes.ts': 'export default [];\n',
    '.gitignore': '/node_modules\n',
    'app/routes/dashboard.tsx': 'export default () => null\n',
  }

  it('edits the files of the host, once, and says what it could not edit', async () => {
    const root = await createFolder()
    await writeTexts(root, host)
    const next = await plan(root, null, existing)
    await applyPlan(next)
    const texts = await readTexts(root)
    expect(texts.get('app/root.tsx')).toContain('export const middleware = [sigraMiddleware(sigra)];')
    expect(texts.get('app/root.tsx')).toContain('<Links nonce="" />')
    expect(texts.get('vite.config.ts')).toContain('ssr: { external: onServer }')
    expect(texts.get('app/routes/dashboard.tsx')).toBe(host['app/routes/dashboard.tsx'])
    expect(JSON.parse(texts.get('package.json') ?? '')).toMatchObject({
      scripts: { dev: 'my-own-dev' },
      dependencies: { 'react-router': '8.5.1' },
      devDependencies: { '@react-router/dev': '8.5.1' },
    })
    expect(describePlan(next)).toContain('it has a “dev” script of its own')
    expect(next.dependencies).toHaveProperty('@sigra/remix', '0.0.0')
    expect(isEmptyPlan(await plan(root, existing, existing))).toBe(true)
  })

  it('stops before a file of the host that is in the way', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'app/sigra.server.ts': 'export const mine = 1\n' })
    const next = await plan(root, null, existing)
    expect(next.conflicts.map(({ path }) => path)).toEqual(['app/sigra.server.ts'])
    await expect(applyPlan(next)).rejects.toMatchObject({ paths: ['app/sigra.server.ts'] })
    expect(await readTexts(root)).toEqual(
      new Map(Object.entries({ ...host, 'app/sigra.server.ts': 'export const mine = 1\n' }).sort()),
    )
  })

  it('writes what was decided, and does not ask about it again', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'app/sigra.server.ts': 'export const mine = 1\n' })
    await applyPlan(await plan(root, null, existing, { decide: () => 'keep' }))
    expect(await readFile(join(root, 'app/sigra.server.ts'), 'utf8')).toBe('export const mine = 1\n')
    expect(isEmptyPlan(await plan(root, existing, existing))).toBe(true)
  })

  it('ships no migration to a host with a database of its own', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'mikro-orm.config.ts': 'export default { entities: [] }\n' })
    await applyPlan(await plan(root, null, existing))
    const texts = await readTexts(root)
    expect([...texts.keys()].filter((path) => path.startsWith('migrations/'))).toEqual([])
    expect(texts.get('mikro-orm.config.ts')).toContain('...sigraEntities')
  })

  it('says once what belongs into the migration that the host makes', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'mikro-orm.config.ts': 'export default { entities: [] }\n' })
    const first = await planTransition({ root, from: null, to: { ...existing, version: generatorVersion } })
    const [edit] = first.edits.filter(({ id }) => id === 'migration')
    expect(edit).toMatchObject({ path: 'mikro-orm.config.ts', outcome: 'manual' })
    expect(edit?.manual?.snippet).toMatch(/^npx sigra db:migration accounts\n/u)
    expect(edit?.manual?.snippet).toContain('create trigger audit_append_only')
    expect(edit?.manual?.snippet).toContain('"sigra_limits" set unlogged')
    expect(edit?.manual?.snippet).toContain(
      'drop function if exists "public"."audit_events_protect"() cascade',
    )
    await applyPlan(first)
    const again = await planTransition({ root, from: first.to, to: first.to })
    expect(again.edits.map(({ id }) => id)).not.toContain('migration')
  })

  it.each([
    ['export default { migrations: {} }\n', 'migrations'],
    [
      "const config = { migrations: { path: 'database/' } }\nexport default defineConfig(config)\n",
      'database',
    ],
  ])('lets the snapshot of the host follow its new name: %j', async (config, folder) => {
    const root = await createFolder()
    const snapshot = { [`${folder}/.snapshot-notes.json`]: '{ "tables": [] }\n' }
    await writeTexts(root, { ...host, 'mikro-orm.config.ts': config, ...snapshot })
    await applyPlan(await plan(root, null, existing))
    const texts = await readTexts(root)
    expect(texts.get('mikro-orm.config.ts')).toMatch(/snapshotName: ['"]\.snapshot['"]/u)
    expect([...texts.keys()].filter((path) => path.startsWith(folder))).toEqual([`${folder}/.snapshot.json`])
    expect(texts.get(`${folder}/.snapshot.json`)).toBe('{ "tables": [] }\n')
    expect(isEmptyPlan(await plan(root, existing, existing))).toBe(true)
  })

  it('asks which snapshot is the current one where there are several', async () => {
    const root = await createFolder()
    const snapshots = { 'migrations/.snapshot-one.json': '{}\n', 'migrations/.snapshot-two.json': '{}\n' }
    await writeTexts(root, { ...host, 'mikro-orm.config.ts': 'export default {}\n', ...snapshots })
    const { notes } = await plan(root, null, existing)
    expect(notes).toEqual([
      expect.stringContaining(
        'to migrations/.snapshot.json; there are .snapshot-one.json, .snapshot-two.json',
      ),
    ])
  })

  it('calls nothing it wrote in the style of the host the host’s own', async () => {
    const root = await createFolder()
    const style = { '.prettierrc.json': '{ "semi": true, "singleQuote": false, "tabWidth": 4 }\n' }
    await writeTexts(root, { ...host, ...style })
    const to = { ...existing, version: generatorVersion }
    const first = await planTransition({ root, from: null, to })
    await applyPlan(first)
    const manual = first.edits.filter(({ outcome }) => outcome === 'manual').map(({ id }) => id)
    expect(manual).toEqual(['imports', 'scripts.dev'])
    const texts = await readTexts(root)
    const options = { semi: true, singleQuote: false, tabWidth: 4 }
    for (const path of ['vitest.config.ts', 'plopfile.js', 'sigra.json', 'sigra.lock.json']) {
      const text = texts.get(path) ?? ''
      expect({ path, text: await format(text, { ...options, filepath: path }) }).toEqual({ path, text })
    }
    expect(isEmptyPlan(await planTransition({ root, from: to, to }))).toBe(true)
  }, 60_000)

  it('lays an edited file out as the host does, unless its owner never did', async () => {
    const root = await createFolder()
    const routes = "export default [index('routes/home.tsx')]; // a long line\n"
    await writeTexts(root, {
      ...host,
      '.prettierrc.json': '{ "printWidth": 60, "singleQuote": true }\n',
      'mikro-orm.config.ts': "export default { entities: [], dbName: 'notes' };\n",
      'app/routes.ts': routes.replace('[', '[  '),
    })
    await applyPlan(await plan(root, null, existing))
    const texts = await readTexts(root)
    expect(texts.get('mikro-orm.config.ts')).toContain("  dbName: 'notes',\n")
    expect(texts.get('app/routes.ts')).toContain(
      "[  index('routes/home.tsx'), ...sigraRoutes()]; // a long line",
    )
    expect(isEmptyPlan(await plan(root, existing, existing))).toBe(true)
  }, 60_000)

  it('tells agents of a host with words of its own only what is true there', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'AGENTS.md': '# House rules\n' })
    const { changes } = await planTransition({
      root,
      from: null,
      to: { ...existing, version: generatorVersion },
    })
    const text = changes.find(({ path }) => path === 'AGENTS.md')?.after
    expect(text).toContain('# House rules\n\n## Accounts in this app\n')
    expect(text).toContain('`app/accounts/style.css`')
  })

  it('leaves a configuration of the host alone and prints ours', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'vitest.config.ts': 'export default {}\n' })
    const { edits } = await planTransition({
      root,
      from: null,
      to: { ...existing, version: generatorVersion },
    })
    const [edit] = edits.filter(({ path }) => path === 'vitest.config.ts')
    expect(edit).toMatchObject({ outcome: 'manual', manual: { reason: 'you have one of your own' } })
  })
})

describe('a page of your own', () => {
  it.each([
    ['dashboard', /“dashboard” is taken by a generated page/u],
    ['users/log-in', /“users\/log-in” is taken by a generated page/u],
  ])('called %s in sigra.json is refused', async (name, message) => {
    const root = await create(full)
    await expect(plan(root, full, { ...full, routes: [{ name, guard: 'user' }] })).rejects.toThrow(message)
  })
})

describe('describeDiff', () => {
  it('shows a unified diff of what would change', async () => {
    const root = await create(full)
    const diff = describeDiff(
      await plan(root, full, { ...full, routes: [{ name: 'projects', guard: 'none' }] }),
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
