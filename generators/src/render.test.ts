import { describe, expect, it } from 'vitest'
import { render } from './render.ts'
import { createState } from './state.ts'
import { loadTemplate } from './template.ts'
import { renderSmall, smallState } from './testing-only/small-app.ts'
import { generatorVersion } from './version.ts'

const members = smallState({ names: { context: 'Members', entity: 'Member', table: 'members' } })
const text = (state: Parameters<typeof renderSmall>[0], path: string) => renderSmall(state).get(path)?.text

describe('render', () => {
  it('gives the same bytes for the same state, with LF', () => {
    const state = createState({ version: generatorVersion, appName: 'Same' })
    const [one, other] = [render(state), render(structuredClone(state))]
    expect([...one]).toEqual([...other])
    for (const content of one.values()) expect(content).not.toContain('\r')
  })

  it('leaves no directive in any output', () => {
    for (const id of ['uuid', 'bigint'] as const) {
      const state = createState({ version: generatorVersion })
      for (const [path, content] of render({ ...state, flags: { ...state.flags, id } })) {
        expect({ path, hasDirective: content.includes('sigra:if') || content.includes('sigra:+') }).toEqual({
          path,
          hasDirective: false,
        })
      }
    }
  })

  it('holds text only', () => {
    for (const [path, content] of loadTemplate())
      expect({ path, isText: !content.includes('\uFFFD') }).toEqual({ path, isText: true })
  })

  it('stores what npm drops under another name', () => {
    expect(renderSmall(smallState()).has('.gitignore')).toBe(true)
    expect(renderSmall(smallState()).has('_gitignore')).toBe(false)
  })

  it('without features is the bare React Router app', () => {
    const bare = renderSmall(smallState({ features: [] }))
    expect([...bare.keys()]).toEqual([
      '.gitignore',
      '.prettierignore',
      '.prettierrc.json',
      'app/root.tsx',
      'app/routes.ts',
      'app/routes/home.tsx',
      'package.json',
      'vite.config.ts',
    ])
    expect(bare.get('app/root.tsx')?.text).toBe(`import { Outlet } from 'react-router'
import type { Route } from './+types/root'

export default function App() {
  return <Outlet />
}
`)
    expect(bare.get('app/routes.ts')?.text)
      .toBe(`import { index, type RouteConfig } from '@react-router/dev/routes'

export default [index('routes/home.tsx')] satisfies RouteConfig
`)
    expect(bare.get('package.json')?.text).not.toContain('sigra')
  })

  it('in an existing app leaves the host its own files and keeps out of app/routes', () => {
    const files = renderSmall(smallState({ app: 'existing' }))
    expect(files.has('app/root.tsx')).toBe(false)
    expect(files.has('package.json')).toBe(false)
    expect(files.has('app/accounts/routes/dashboard.tsx')).toBe(true)
    expect(files.get('app/sigra.routes.ts')?.text).toContain(
      "route('dashboard', 'accounts/routes/dashboard.tsx')",
    )
  })

  it('tells agents only of scripts and files that are there', () => {
    const created = render(createState({ version: generatorVersion })).get('AGENTS.md') ?? ''
    const existing =
      render(createState({ version: generatorVersion, app: 'existing' })).get('AGENTS.md') ?? ''
    expect(created).toContain('`npm run typecheck && npm test`, and the scripts `lint` and `format:check`')
    expect(created).toContain('`app/app.css`')
    expect(existing).toContain('`npm run typecheck && npm test`')
    expect(existing).toContain('`app/accounts/style.css`')
    expect(existing).toContain('refuses it where\n  `app/sigra.server.ts` enforces it.')
    expect(existing).not.toMatch(/app\/app\.css|npm run (lint|format)/u)
  })

  it('takes the variant of a file whose condition holds', () => {
    const bigint = smallState({ flags: { ...smallState().flags, id: 'bigint' } })
    expect(text(bigint, 'migrations/Migration1_accounts.ts')).toContain('bigint')
    expect(text(smallState(), 'migrations/Migration1_accounts.ts')).toContain('uuid')
    expect(text(bigint, 'app/accounts/entities/user.ts')).toContain('import { bigintKey, userProperties }')
  })

  it('puts our packages at the version of the state, and names the package after the app', () => {
    const manifest = JSON.parse(
      text(smallState({ version: '1.2.3', appName: 'Crème Brûlée Co.' }), 'package.json') ?? '',
    )
    expect(manifest.name).toBe('creme-brulee-co')
    expect(manifest.dependencies).toMatchObject({ '@sigra/remix': '1.2.3', 'react-router': '8.4.0' })
  })

  it('without a worker process builds and starts none', () => {
    const inProcess = smallState({ flags: { ...smallState().flags, mail: 'in-process' } })
    expect(renderSmall(inProcess).has('worker.ts')).toBe(false)
    expect(JSON.parse(text(inProcess, 'package.json') ?? '').scripts).toEqual({
      dev: 'sigra dev',
      build: 'react-router build',
    })
  })

  it('without passkeys has no file, line, package or table of theirs', () => {
    const without = renderSmall(smallState({ features: ['accounts'] }))
    for (const [path, { text: content }] of without) {
      expect({ path, isFree: !/passkey|simplewebauthn|sigra:/iu.test(path + content) }).toEqual({
        path,
        isFree: true,
      })
    }
    expect(JSON.parse(text(smallState(), 'package.json') ?? '').dependencies).toHaveProperty(
      '@simplewebauthn/browser',
      '^14.0.0',
    )
    expect(text(smallState(), 'migrations/.snapshot.json')).toContain('"user_passkeys"')
    expect(without.get('migrations/.snapshot.json')?.text).toContain('"users"')
  })

  it('adds a guarded page per route item', () => {
    const state = smallState({ routes: [{ name: 'reports/monthly', guard: 'user' }] })
    expect(text(state, 'app/routes/reports-monthly.tsx')).toContain('await requireUser(args)')
    expect(text(state, 'app/sigra.routes.ts')).toContain(
      "    route('reports/monthly', 'routes/reports-monthly.tsx'),\n  ]",
    )
  })

  it('asks again who is there on a page behind sudo', () => {
    const state = smallState({ routes: [{ name: 'danger', guard: 'sudo' }] })
    const page = text(state, 'app/routes/danger.tsx')
    expect(page).toContain('const user = await requireSudo(args)')
    expect(page).toContain('Danger({ loaderData }: Route.ComponentProps)')
  })
})

describe('names', () => {
  it('move files and the imports that reach them', () => {
    expect(text(members, 'app/passkeys/entities/index.ts')).toBe(
      "import { MemberPasskey } from './member-passkey.ts'\n\nexport const passkeyEntities = { UserPasskey: MemberPasskey }\n",
    )
    expect(text(members, 'app/members/entities/index.ts')).toBe(
      "import { passkeyEntities } from '../../passkeys/entities/index.ts'\nimport { Member } from './member.ts'\n\nexport const entities = {\n  User: Member,\n}\n\nexport const all = {\n  ...entities,\n  ...passkeyEntities,\n}\n",
    )
    expect(text(members, 'app/sigra.routes.ts')).toContain(
      "route('/members/log-in', 'members/routes/log-in.tsx')",
    )
  })

  it('leave what an account can do, and what the library exports, its names', () => {
    expect(text(members, 'app/members/members.server.ts'))
      .toContain(`export function registerUser(args: unknown) {
  return sigra.accounts.registerUser(args)
}`)
    expect(text(members, 'app/members/entities/member.ts')).toContain(
      "import { userProperties, uuidKey } from '@sigra/remix/schema'",
    )
  })

  it('rename tables and whatever is named after them, and nothing that only looks alike', () => {
    expect(text(members, 'migrations/Migration1_accounts.ts')).toBe(
      'export const up = `create table "members" ("user_id" uuid)`\n',
    )
    expect(text(members, 'app/members/entities/member.ts')).toContain("name: 'Member', tableName: 'members'")
  })

  it('stand tables of the snapshot in the order that MikroORM gives them', () => {
    const tablesOf = (state: Parameters<typeof renderSmall>[0]) =>
      [...(text(state, 'migrations/.snapshot.json') ?? '').matchAll(/"name": "(\w+)"/gu)].map(
        ([, name]) => name,
      )
    const names = { context: 'Zoo', entity: 'Zebra', table: 'people' }
    expect(tablesOf(smallState())).toEqual(['public', 'user_passkeys', 'users'])
    expect(tablesOf(smallState({ names }))).toEqual(['public', 'people', 'zebra_passkeys'])
  })

  it('reach routes, prose and code in comments', () => {
    expect(text(members, 'app/sigra.server.ts')).toContain("'/members/log-in'")
    expect(text(members, 'AGENTS.md')).toContain('`app/members/members.server.ts`')
  })

  it('write words in kebab-case in paths and in snake_case in SQL', () => {
    const state = smallState({
      names: { context: 'TeamAccounts', entity: 'TeamMember', table: 'team_members' },
    })
    expect(renderSmall(state).has('app/team-accounts/entities/team-member.ts')).toBe(true)
    expect(text(state, 'app/sigra.server.ts')).toContain("'/team-members/log-in'")
    expect(text(state, 'migrations/Migration1_accounts.ts')).toContain('"team_members"')
  })

  it.each([
    [{ context: 'accounts', entity: 'User', table: 'users' }, /context/u],
    [{ context: 'Accounts', entity: 'user', table: 'users' }, /entity/u],
    [{ context: 'Accounts', entity: 'User', table: 'Users; drop table' }, /table/u],
    [{ context: '../Accounts', entity: 'User', table: 'users' }, /context/u],
    [{ context: 'Same', entity: 'Same', table: 'same' }, /plural/u],
  ])('%j are refused', (names, message) => {
    expect(() => smallState({ names })).toThrow(message)
  })
})

it('names in an existing app the stylesheet it has', () => {
  const files = render(createState({ version: '0.1.0', app: 'existing' }))
  const [named] = /app\/[\w/]+\.css/u.exec(files.get('app/brand.ts') ?? '') ?? []
  expect([...files.keys()]).toContain(named)
})
