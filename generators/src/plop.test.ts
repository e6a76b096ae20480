import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { applyPlan } from './plan/apply-plan.ts'
import { planTransition } from './plan/plan-transition.ts'
import { render } from './render.ts'
import { createState, type State } from './state.ts'
import { createFolder, readTexts, writeTexts } from './testing-only/small-app.ts'
import { generatorVersion } from './version.ts'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

describe('npx plop sigra:route', () => {
  it.each([
    ['dashboard', 'taken by a generated page'],
    ['home', 'taken by a generated page'],
    ['users/log-in', 'taken by a generated page'],
    ['dev/mailbox', 'taken by a generated page'],
    ['health/live', 'taken by a generated page'],
    ['users', 'taken by a generated page'],
    ['users/reports', 'taken by a generated page'],
    ['dev', 'taken by a generated page'],
    ['Reports', 'cannot name a page'],
  ])('refuses %s in one sentence, and writes nothing', async (name, sentence) => {
    const app = await createApp()
    const before = await app.texts()
    const { code, said } = await app.plop('sigra:route', name, 'user')
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(sentence) })
    expect(said.trim().split('\n')).toHaveLength(1)
    expect(await app.texts()).toEqual(before)
  })

  it('refuses a page in the file of another one of your own', async () => {
    const app = await createApp({ routes: [{ name: 'reports/monthly', guard: 'user' }] })
    const { code, said } = await app.plop('sigra:route', 'reports-monthly', 'user')
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('your page “reports/monthly”') })
  })

  it.each(['login', 'login/help'])('refuses %s where log-in was moved to /login', async (name) => {
    const app = await createApp()
    const paths = (await app.texts()).get('app/paths.ts') ?? ''
    await writeTexts(app.root, { 'app/paths.ts': paths.replace("'/users/log-in'", "'/login'") })
    const { code, said } = await app.plop('sigra:route', name, 'user')
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('a page of accounts at /login') })
  })

  it.each(['app/routes/projects.tsx', 'app/routes/projects.ts'])(
    'refuses a page where %s is yours, and leaves it alone',
    async (path) => {
      const app = await createApp()
      await writeTexts(app.root, { [path]: '// mine\n' })
      const { code, said } = await app.plop('sigra:route', 'projects', 'user')
      expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(`${path} is there already`) })
      expect((await app.texts()).get(path)).toBe('// mine\n')
    },
  )

  it('names the guards where it is given another word', async () => {
    const app = await createApp()
    const { code, said } = await app.plop('sigra:route', 'projects', 'admin')
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining(
        '“admin” is no guard; a page is for user, sudo, member, anonymous, none.',
      ),
    })
  })

  it('adds a page, and changes its guard when it is asked again', async () => {
    const app = await createApp()
    expect(await app.plop('sigra:route', '/projects', 'user')).toMatchObject({ code: 0 })
    expect((await app.texts()).get('app/routes/projects.tsx')).toContain('await requireUser(args)')
    const { code, said } = await app.plop('sigra:route', 'projects', 'sudo')
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('/projects for people who are') })
    expect((await app.texts()).get('app/routes/projects.tsx')).toContain('await requireSudo(args)')
  })
})

describe('npx plop sigra:route … member', () => {
  it('adds a page of organizations: guarded, among their routes and tabs', async () => {
    const app = await createApp()
    expect(await app.plop('sigra:route', 'reports', 'member')).toMatchObject({ code: 0 })
    const texts = await app.texts()
    expect(texts.get('app/routes/reports.tsx')).toContain('await requireOrganization(args)')
    expect(texts.get('app/organizations/routes.ts')).toContain(
      "route(pathIn(':slug', '/reports'), 'routes/reports.tsx')",
    )
    expect(texts.get('app/organizations/tabs.ts')).toContain("{ below: '/reports', label: 'Reports' }")
    expect(texts.get('app/sigra.routes.ts')).not.toContain('reports')
  })

  it.each(['members', 'settings'])('refuses %s, which organizations have', async (name) => {
    const app = await createApp()
    const { code, said } = await app.plop('sigra:route', name, 'member')
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('taken by a generated page') })
  })

  it('refuses an app without organizations', async () => {
    const app = await createApp({ features: ['accounts', 'passkeys'] })
    const { code, said } = await app.plop('sigra:route', 'reports', 'member')
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining(
        'This app has no organizations, and they are needed by the page “reports”.',
      ),
    })
  })
})

describe('npx plop sigra:entity', () => {
  const project = ['sigra:entity', 'Project', '--organization', '--fields', 'name:string(100) done:boolean']

  it('adds an entity that is scoped, registered everywhere and has a test; its page lists it', async () => {
    const app = await createApp()
    const { code, said } = await app.plop(...project)
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining('npx sigra db:migration projects'),
    })
    expect(await app.plop('sigra:route', 'projects', 'member')).toMatchObject({ code: 0 })
    const texts = await app.texts()
    expect(texts.get('app/entities/project.ts')).toContain('filters: organizationFilter')
    expect(texts.get('app/accounts/entities/index.ts')).toContain('...organizationEntities,\n  Project,')
    expect(texts.get('app/organizations/organization-data.ts')).toContain('organizationTable(Project, {')
    expect(texts.get('tests/project.test.ts')).toContain('theirs.find(Project, {})')
    const page = texts.get('app/routes/projects.tsx') ?? ''
    for (const part of ["'project:read'", "'project:write'", 'forOrganization(scope)', 'can(scope,'])
      expect(page).toContain(part)
    expect(texts.get('tests/projects.test.ts')).toContain("pathIn(slug, '/projects')")
  })

  it('gives an entity without permissions of its name some, in every role but that of owners', async () => {
    const app = await createApp()
    expect(await app.plop('sigra:entity', 'TeamNote', '--organization', '--fields=text:text')).toMatchObject({
      code: 0,
    })
    const config = (await app.texts()).get('app/organizations/organizations.config.ts') ?? ''
    expect(config).toContain("'team-note:read', 'team-note:write']")
    expect(config.match(/'team-note:\*'\]/gu)).toHaveLength(2)
  })

  it('gives a role that reads already what it lacks, and nothing twice', async () => {
    const app = await createApp()
    expect(await app.plop(...project)).toMatchObject({ code: 0 })
    const config = (await app.texts()).get('app/organizations/organizations.config.ts') ?? ''
    expect(config).toContain("admin: ['organization:update', 'members:*', 'project:*']")
    expect(config).toContain("member: ['members:read', 'project:read', 'project:write']")
  })

  it('adds one that belongs to people, and takes it back without a trace', async () => {
    const app = await createApp()
    const before = await app.texts()
    expect(await app.plop('sigra:entity', 'Note', '--user', '--fields', 'text:text')).toMatchObject({
      code: 0,
    })
    expect((await app.texts()).get('app/account-data.ts')).toContain("accountTable(Note, { owner: 'user'")
    expect(await app.plop('sigra:entity', 'Note', '--remove')).toMatchObject({ code: 0 })
    expect(await app.texts()).toEqual(before)
  })

  it('keeps what the owner wrote beside it, when it gets another field', async () => {
    const app = await createApp()
    await app.plop(...project)
    const text = (await app.texts()).get('app/entities/project.ts') ?? ''
    await writeTexts(app.root, {
      'app/entities/project.ts': text.replace('  indexes', '  comment: "mine",\n  indexes'),
    })
    const more = ['sigra:entity', 'Project', '--organization', '--fields', 'name:string(100) due:date?']
    expect(await app.plop(...more)).toMatchObject({ code: 0 })
    const grown = (await app.texts()).get('app/entities/project.ts') ?? ''
    expect(grown).toContain('due: p.date().nullable()')
    expect(grown).toMatch(/comment: .mine./u)
  })

  it.each([
    [['User', '--user', '--fields', 'text:text'], 'taken by generated code'],
    [['OrganizationSlug', '--user', '--fields', 'text:text'], 'taken by generated code'],
    [['project', '--user', '--fields', 'text:text'], 'cannot name an entity'],
    [['Promise', '--user', '--fields', 'text:text'], 'cannot name an entity'],
    [['Project', '--user', '--fields', 'id:text'], '“id:text” is no field'],
    [['Project', '--user', '--fields', 'class:text'], '“class:text” is no field'],
    [['Project', '--user', '--fields', 'name:varchar'], '“name:varchar” is no field'],
    [['Project', '--user', '--fields', 'name:string(0)'], '“name:string(0)” is no field'],
    [['Project', '--user', '--fields', 'name:text name:date'], '“name” is a field of Project twice'],
  ])('refuses %s in one sentence, and writes nothing', async (args, sentence) => {
    const app = await createApp()
    const before = await app.texts()
    const { code, said } = await app.plop('sigra:entity', ...args)
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(sentence) })
    expect(await app.texts()).toEqual(before)
  })

  it('refuses an entity where its file is yours, and leaves it alone', async () => {
    const app = await createApp()
    await writeTexts(app.root, { 'app/entities/project.ts': '// mine\n' })
    const { code, said } = await app.plop(...project)
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('is there already') })
    expect((await app.texts()).get('app/entities/project.ts')).toBe('// mine\n')
  })
})

describe('npx plop sigra:route --remove', () => {
  it.each([
    [['projects', '--remove'], 'an argument'],
    [['--remove', '/projects'], 'its value'],
  ])('takes a page back, named by %s: %s', async (args) => {
    const app = await createApp()
    const before = await app.texts()
    expect(await app.plop('sigra:route', 'projects', 'user')).toMatchObject({ code: 0 })
    const { code, said } = await app.plop('sigra:route', ...args)
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('/projects is taken back') })
    expect(await app.texts()).toEqual(before)
  })

  it('keeps a page that was edited, and says so', async () => {
    const app = await createApp({ routes: [{ name: 'projects', guard: 'user' }] })
    const page = `${(await app.texts()).get('app/routes/projects.tsx')}// mine\n`
    await writeTexts(app.root, { 'app/routes/projects.tsx': page })
    const { code, said } = await app.plop('sigra:route', 'projects', '--remove')
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('app/routes/projects.tsx') })
    const texts = await app.texts()
    expect(texts.get('app/routes/projects.tsx')).toBe(page)
    expect(texts.get('app/sigra.routes.ts')).not.toContain('projects')
  })

  it('refuses a page it did not make, and names those it made', async () => {
    const app = await createApp({ routes: [{ name: 'projects', guard: 'user' }] })
    const { code, said } = await app.plop('sigra:route', 'dashboard', '--remove')
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining('“dashboard” was not made by sigra:route. These were: projects.'),
    })
  })
})

it.each(['user', 'sudo', 'anonymous', 'none'] as const)(
  'a page for %s has the bar of the pages beside it, in an existing app with its styles',
  (guard) => {
    const names = { context: 'Members', entity: 'Member', table: 'members' }
    const routes = [{ name: 'projects', guard }]
    const files = render(createState({ version: generatorVersion, app: 'existing', names, routes }))
    const page = files.get('app/routes/projects.tsx') ?? ''
    expect(page).toContain("import { AppBar } from '~/members/components/app-bar'")
    expect(page).toMatch(/<AppBar email=\{(?:loaderData\.email|null)\} \/>/u)
    expect(files.get('app/members/frame.tsx')).toContain("import './style.css'")
    const frame = /className="(\w+)"/u.exec(files.get('app/members/frame.tsx') ?? '')?.[1]
    expect(files.get('app/members/style.css')).toContain(`.${frame} .bar {`)
    expect(files.get('app/sigra.routes.ts')).toContain("route('projects', 'routes/projects.tsx')")
  },
)

const made = new Map<string, Promise<string>>()

/** One app per set of options; each test works on a copy. */
async function createApp(options: Partial<State> = {}) {
  const key = JSON.stringify(options)
  const original = made.get(key) ?? makeApp(options)
  made.set(key, original)
  const root = join(await createFolder(), 'app')
  await cp(await original, root, { recursive: true, verbatimSymlinks: true })
  return {
    root,
    plop: (...args: string[]) => runPlop(root, args),
    texts: async () => new Map([...(await readTexts(root))].filter(([path]) => !path.startsWith('.sigra/'))),
  }
}

async function makeApp(options: Partial<State>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sigra-generators-'))
  process.once('exit', () => rmSync(root, { recursive: true, force: true }))
  const to = createState({ version: generatorVersion, ...options })
  await applyPlan(await planTransition({ root, from: null, to }))
  await symlink(modules, join(root, 'node_modules'))
  return root
}

/** As `npx plop` does, with what it prints for people. */
async function runPlop(
  root: string,
  args: readonly string[],
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(modules, 'plop/bin/plop.js'), '--no-progress', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '--conditions=sigra-source', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said }
}
