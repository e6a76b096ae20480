import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { planSmall } from '../testing-only/plan-small.ts'
import { createFolder, readTexts, smallState, writeTexts } from '../testing-only/small-app.ts'
import { generatorVersion } from '../version.ts'
import { applyPlan } from './apply-plan.ts'
import { describePlan } from './describe-plan.ts'
import { isEmptyPlan } from './plan.ts'
import { planTransition } from './plan-transition.ts'

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
    const next = await planSmall(root, null, existing)
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
    expect(isEmptyPlan(await planSmall(root, existing, existing))).toBe(true)
  })

  it('stops before a file of the host that is in the way', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'app/sigra.server.ts': 'export const mine = 1\n' })
    const next = await planSmall(root, null, existing)
    expect(next.conflicts.map(({ path }) => path)).toEqual(['app/sigra.server.ts'])
    await expect(applyPlan(next)).rejects.toMatchObject({ paths: ['app/sigra.server.ts'] })
    expect(await readTexts(root)).toEqual(
      new Map(Object.entries({ ...host, 'app/sigra.server.ts': 'export const mine = 1\n' }).sort()),
    )
  })

  it('writes what was decided, and does not ask about it again', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'app/sigra.server.ts': 'export const mine = 1\n' })
    await applyPlan(await planSmall(root, null, existing, { decide: () => 'keep' }))
    expect(await readFile(join(root, 'app/sigra.server.ts'), 'utf8')).toBe('export const mine = 1\n')
    expect(isEmptyPlan(await planSmall(root, existing, existing))).toBe(true)
  })

  it('ships no migration to a host with a database of its own', async () => {
    const root = await createFolder()
    await writeTexts(root, { ...host, 'mikro-orm.config.ts': 'export default { entities: [] }\n' })
    await applyPlan(await planSmall(root, null, existing))
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
    await applyPlan(await planSmall(root, null, existing))
    const texts = await readTexts(root)
    expect(texts.get('mikro-orm.config.ts')).toMatch(/snapshotName: ['"]\.snapshot['"]/u)
    expect([...texts.keys()].filter((path) => path.startsWith(folder))).toEqual([`${folder}/.snapshot.json`])
    expect(texts.get(`${folder}/.snapshot.json`)).toBe('{ "tables": [] }\n')
    expect(isEmptyPlan(await planSmall(root, existing, existing))).toBe(true)
  })

  it('asks which snapshot is the current one where there are several', async () => {
    const root = await createFolder()
    const snapshots = { 'migrations/.snapshot-one.json': '{}\n', 'migrations/.snapshot-two.json': '{}\n' }
    await writeTexts(root, { ...host, 'mikro-orm.config.ts': 'export default {}\n', ...snapshots })
    const { notes } = await planSmall(root, null, existing)
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
  })

  it('lays an edited file out as the host does, unless its owner never did', async () => {
    const root = await createFolder()
    const routes = "export default [index('routes/home.tsx')]; // a long line\n"
    await writeTexts(root, {
      ...host,
      '.prettierrc.json': '{ "printWidth": 60, "singleQuote": true }\n',
      'mikro-orm.config.ts': "export default { entities: [], dbName: 'notes' };\n",
      'app/routes.ts': routes.replace('[', '[  '),
    })
    await applyPlan(await planSmall(root, null, existing))
    const texts = await readTexts(root)
    expect(texts.get('mikro-orm.config.ts')).toContain("  dbName: 'notes',\n")
    expect(texts.get('app/routes.ts')).toContain(
      "[  index('routes/home.tsx'), ...sigraRoutes()]; // a long line",
    )
    expect(isEmptyPlan(await planSmall(root, existing, existing))).toBe(true)
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
