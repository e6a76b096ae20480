import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { createGeneratedApp } from './testing-only/generated-app.ts'

const index = 'app/accounts/entities/index.ts'
const snapshot = 'migrations/.snapshot.json'
const isMigration = (path: string) =>
  /^migrations\/Migration\d+_(without_)?(passkeys|organizations)\.ts$/u.test(path)
const tablesIn = (text = '{"tables":[]}') => JSON.parse(text).tables.map(({ name }: { name: string }) => name)

const features = ['passkeys', 'organizations'] as const

type Texts = ReadonlyMap<string, string>

/** `create` with a feature and `add` of it later: one snapshot, and migrations that say the same to a database. */
function expectSameSchema(grown: Texts, direct: Texts): void {
  expect([...grown.keys()].filter(isMigration)).toHaveLength(1)
  expect(grown.get(snapshot)).toBe(direct.get(snapshot))
  expect(statementsOf(grown)).toEqual(statementsOf(direct))
}

/** What the migrations say on the way up, each statement once and in no order: tables come before what leads to them. */
function statementsOf(texts: Texts, isOne = (path: string) => path.endsWith('.ts')): string[] {
  const ups = [...texts].filter(([path]) => path.startsWith('migrations/') && isOne(path))
  const found = ups.flatMap(([, text]) => {
    const [up = ''] = text.split('down(): ')
    return [...up.matchAll(/addSql\(\s*(`[^`]*`|'[^']*'|"[^"]*"),?\s*\)/gu)].map(([, sql = '']) =>
      sql.slice(1, -1),
    )
  })
  return found.toSorted()
}

describe('sigra remove organizations', () => {
  it('stops while an entity or a page of the owner’s belongs to them, made by a generator or by hand', async () => {
    const item = { name: 'Project', owner: 'organization', fields: ['name:string(100)'] } as const
    const routes = [{ name: 'projects', guard: 'member' as const }]
    const made = await createGeneratedApp({ entities: [item], routes })
    const before = await made.texts()
    expect(await made.quick('remove', 'organizations')).toMatchObject({
      code: 4,
      stderr: /npx plop sigra:route projects --remove, npx plop sigra:entity Project --remove/u,
    })
    expect(await made.texts()).toEqual(before)

    const own = await createGeneratedApp({})
    await writeFile(
      join(own.root, 'app/invoice.ts'),
      "import { Organization } from './organizations/entities/organization.ts'\n\nexport const owner = Organization\n",
    )
    expect(await own.quick('remove', 'organizations')).toMatchObject({
      code: 4,
      stderr: /Files of yours use organizations: app\/invoice\.ts\. Take that out of them first/u,
    })
    await writeFile(join(own.root, 'app/invoice.ts'), "export const owner = 'organizations/entities'\n")
    expect(await own.quick('remove', 'organizations', '--dry-run')).toMatchObject({ code: 0 })
  })
})

describe('sigra add', () => {
  it.each(features)(
    'gives an app what it would have been created with, and a migration in place of the first one: %s',
    async (feature) => {
      const app = await createGeneratedApp({ features: ['accounts'] })
      const dry = await app.sigra('add', feature, '--dry-run', '--json')
      expect(app.git('status', '--porcelain')).toBe('')
      const real = await app.sigra('add', feature, '--json')
      expect({ code: real.code, plan: real.stdout }).toEqual({ code: 0, plan: dry.stdout })

      const [grown, direct] = [
        await app.texts(),
        await (await createGeneratedApp({ features: ['accounts', feature] })).texts(),
      ]
      expectSameSchema(grown, direct)
      const isOwn = (path: string) => !path.startsWith('migrations/') && path !== 'sigra.lock.json'
      expect([...grown].filter(([path]) => isOwn(path))).toEqual([...direct].filter(([path]) => isOwn(path)))
      expect(await app.quick('add', feature)).toMatchObject({ code: 0, stdout: /Nothing to do/u })
    },
  )

  it.each([
    ['passkeys', 'member_passkeys'],
    ['organizations', 'organizations'],
  ] as const)('follows the names and keys of the app: %s', async (feature, table) => {
    const names = { context: 'Members', entity: 'Member', table: 'members' }
    const flags = { id: 'bigint', mail: 'queue', db: 'embedded', pm: 'npm' } as const
    const app = await createGeneratedApp({ features: ['accounts'], names, flags })
    expect(await app.sigra('add', feature)).toMatchObject({ code: 0, stderr: '' })
    const grown = await app.texts()
    const made = statementsOf(grown, isMigration).join('\n')
    expect(made).toContain(`create table "${table}" ("id" bigint`)
    expect(made).toContain('references "members"')
    expectSameSchema(
      grown,
      await (await createGeneratedApp({ features: ['accounts', feature], names, flags })).texts(),
    )
  })

  it('wants what was edited into sigra.json to be applied first', async () => {
    const app = await createGeneratedApp({ features: ['accounts'] })
    await app.edit('sigra.json', '"appName": "Generated"', '"appName": "Renamed"')
    expect(await app.quick('add', 'passkeys')).toMatchObject({ code: 4, stderr: /Run sigra apply first/u })
  })
})

describe('sigra remove', () => {
  it('leaves the tables to the database, and no later migration drops them', async () => {
    const app = await createGeneratedApp({})
    expect(await app.sigra('remove', 'passkeys')).toMatchObject({ code: 0, stdout: /stay in the database/u })
    const texts = await app.texts()
    const shelf = texts.get('migrations/.retired.json') ?? ''
    expect(await format(shelf, { parser: 'json', printWidth: 110 })).toBe(shelf)
    // What made the tables stays: a migration is history.
    const left = [...texts.keys()].filter((path) => path.includes('passkey'))
    expect(left).toEqual(['migrations/Migration20261120000001_passkeys.ts'])
    expect(tablesIn(texts.get(snapshot))).not.toContain('user_passkeys')
    expect(tablesIn(texts.get('migrations/.retired.json'))).toEqual([
      'user_passkeys',
      'webauthn_spent_challenges',
    ])
    expect(await app.sigra('db:migration')).toMatchObject({ code: 0, stdout: /say nothing/u })
    expect(await app.texts()).toEqual(texts)
  })

  it('then add, is as if nothing had been: the tables are still there', async () => {
    const app = await createGeneratedApp({})
    const before = await app.texts()
    await app.sigra('remove', 'passkeys')
    expect(await app.sigra('add', 'passkeys')).toMatchObject({ code: 0, stdout: /say nothing/u })
    const after = await app.texts()
    for (const texts of [before, after]) texts.delete('sigra.lock.json')
    expect(after).toEqual(before)
  })

  it.each([['--purge'], ['--purge=passkey'], ['--purge=']])(
    'with %s drops nothing: the name is not typed',
    async (flag) => {
      const app = await createGeneratedApp({})
      expect(await app.quick('remove', 'passkeys', flag)).toMatchObject({
        code: 2,
        stderr: /--purge=passkeys/u,
      })
      expect(app.git('status', '--porcelain')).toBe('')
    },
  )

  it('with its name typed makes the migration that drops them, now or later', async () => {
    const now = await createGeneratedApp({})
    const later = await createGeneratedApp({})
    await later.sigra('remove', 'passkeys')
    for (const app of [now, later]) {
      const { code, stdout } = await app.sigra('remove', 'passkeys', '--purge=passkeys')
      expect(code).toBe(0)
      expect(stdout).toContain('it deletes data: drop table if exists "user_passkeys" cascade;')
      const texts = await app.texts()
      expect([...texts.keys()].filter(isMigration)).toHaveLength(3) // those which made the tables, and that which drops them
      expect(texts.has('migrations/.retired.json')).toBe(false)
      expect(texts.get('mikro-orm.config.ts')).not.toContain('skipTables')
      expect(tablesIn(texts.get(snapshot))).not.toContain('user_passkeys')
    }
    expect(await now.quick('remove', 'passkeys')).toMatchObject({ code: 0, stdout: /no part of this app/u })
  })

  it('by taking it out of sigra.json keeps the tables as well', async () => {
    const app = await createGeneratedApp({})
    await app.edit('sigra.json', '["accounts", "passkeys", "organizations"]', '["accounts", "organizations"]')
    expect(await app.sigra('apply')).toMatchObject({ code: 0 })
    expect(await readFile(join(app.root, 'sigra.json'), 'utf8')).toContain('"retired": ["passkeys"],')
    await app.edit('sigra.json', '  "retired": ["passkeys"],\n', '')
    await app.sigra('apply')
    expect((await app.texts()).get('mikro-orm.config.ts')).toContain("skipTables: ['user_passkeys'")
  })
})

describe('a conflict', () => {
  const line = '...passkeyEntities'
  const mine = '...Object(passkeyEntities)'
  const ways = 'app/sign-in-ways.ts'

  it('ends remove with 3 and nothing written, unless somebody decides', async () => {
    const app = await createGeneratedApp({})
    await app.edit(index, line, mine)
    app.commit()
    expect(await app.quick('remove', 'passkeys')).toMatchObject({ code: 3, stderr: /Nothing was written/u })
    expect(app.git('status', '--porcelain')).toBe('')
    // Kept, it imports a file that is gone: the files of the database wait until somebody sees to it.
    expect(await app.sigra('remove', 'passkeys', '--conflicts=keep')).toMatchObject({
      code: 1,
      stderr: /The files are written, but those in the migrations folder are not/u,
    })
    expect(await readFile(join(app.root, index), 'utf8')).toContain(mine)
    await app.edit(index, /^import \{ passkeyEntities.*\n|^ {2}\.\.\.Object\(passkeyEntities\),\n/gmu, '')
    expect(await app.sigra('db:migration')).toMatchObject({ code: 0, stdout: /say nothing/u })
  })

  it('is merged, continued after it is settled, and the migration follows', async () => {
    const app = await createGeneratedApp({ features: ['accounts'] })
    await app.edit(ways, "  'magic-link': magicLink,\n", "  'magic-link': magicLink,\n  passkey: password,\n")
    app.commit()
    expect(await app.quick('add', 'passkeys', '--conflicts', 'merge')).toMatchObject({ code: 3 })
    expect(app.git('status', '--porcelain', '--', ways)).toBe(`UU ${ways}\n`)
    expect(await app.quick('status')).toMatchObject({ code: 0, stdout: /A merge waits for you/u })
    expect(await app.quick('apply', '--continue')).toMatchObject({ code: 3, stderr: /markers are left/u })
    expect(await app.quick('remove', 'passkeys')).toMatchObject({ code: 3, stderr: /A merge waits/u })
    expect(await app.quick('undo')).toMatchObject({ code: 3, stderr: /A merge waits/u })

    const text = await readFile(join(app.root, ways), 'utf8')
    const settled = text
      .replaceAll(/^(<{7}|\|{7}|={7}|>{7}).*\n/gmu, '')
      .replace('  passkey: password,\n', '')
    await writeFile(join(app.root, ways), settled)
    expect(await app.sigra('apply', '--continue')).toMatchObject({
      code: 0,
      stdout: /Made migrations/u,
      stderr: '',
    })
    expect([...(await app.texts()).keys()].filter(isMigration)).toHaveLength(1)
    expect(app.git('ls-files', '--unmerged')).toBe('')
  })

  it('is aborted, and the app is as it was', async () => {
    const app = await createGeneratedApp({})
    await app.edit(index, line, mine)
    app.commit()
    await app.quick('remove', 'passkeys', '--conflicts', 'merge')
    expect(await app.quick('apply', '--abort')).toMatchObject({ code: 0 })
    expect(app.git('status', '--porcelain')).toBe('')
    expect(await app.quick('apply', '--abort')).toMatchObject({ code: 4, stderr: /No merge waits/u })
  })

  it('is not replaced where that would be the end of a text', async () => {
    const app = await createGeneratedApp({})
    await app.edit(index, line, mine)
    const replace = ['remove', 'passkeys', '--conflicts', 'replace']
    expect(await app.quick(...replace)).toMatchObject({ code: 4, stderr: /Commit these files first/u })
    app.commit()
    expect(await app.sigra(...replace)).toMatchObject({ code: 0 })
  })
})

describe('sigra undo', () => {
  it('takes add back, with its migration, and says nothing more is there', async () => {
    const app = await createGeneratedApp(
      { features: ['accounts'] },
      { DATABASE_URL: 'postgresql://127.0.0.1:1/none' },
    )
    await app.sigra('add', 'passkeys')
    expect(await app.quick('undo', '--dry-run')).toMatchObject({ code: 0, stdout: /delete +migrations/u })
    // Whether the migration is applied only the database knows.
    expect(await app.sigra('undo')).toMatchObject({ code: 4, stderr: /cannot be reached/u })
  })

  it('takes remove back', async () => {
    const app = await createGeneratedApp({})
    await app.sigra('remove', 'passkeys')
    expect(await app.quick('undo')).toMatchObject({ code: 0 })
    expect(app.git('status', '--porcelain')).toBe('')
    expect(await app.quick('undo')).toMatchObject({ code: 4, stderr: /nothing to undo/u })
  })

  it('is refused after an edit, and the edit stays', async () => {
    const app = await createGeneratedApp({})
    await app.sigra('remove', 'passkeys')
    await app.edit(index, 'export const entities', '// since\nexport const entities')
    expect(await app.quick('undo')).toMatchObject({ code: 3, stderr: new RegExp(index, 'u') })
    expect(await readFile(join(app.root, index), 'utf8')).toContain('// since')
  })
})

describe('sigra db:migration', () => {
  it('makes a migration in the style of the app from what the entities say', async () => {
    const app = await createGeneratedApp({})
    const user = 'app/accounts/entities/user.ts'
    await app.edit(
      user,
      '...userProperties,',
      '...userProperties,\n    displayName: p.string().length(100).nullable(),',
    )
    await app.edit(user, 'import { defineEntity }', 'import { defineEntity, p }')
    expect(await app.sigra('db:migration', 'display_name')).toMatchObject({ code: 0, stderr: '' })
    const made = [...(await app.texts())].find(([path]) => path.endsWith('_display_name.ts'))
    expect(made?.[1]).toContain('this.addSql(`alter table "users" add "display_name" varchar(100) null;`)\n')
    expect(await app.sigra('db:migration')).toMatchObject({ code: 0, stdout: /say nothing/u })
  })

  it('says what ends data', async () => {
    const app = await createGeneratedApp({})
    await app.edit(index, '  UserKnownBrowser,\n', '')
    const { code, stdout } = await app.sigra('db:migration')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('it deletes data: drop table'),
    })
  })
})
