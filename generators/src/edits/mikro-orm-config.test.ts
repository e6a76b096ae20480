import { describe, expect, it } from 'vitest'
import { parseModule } from '../syntax.ts'
import { loadTemplate } from '../template.ts'
import { editContext, edited, reasonOf } from '../testing-only/try-edit.ts'
import { mikroOrmEdit } from './mikro-orm-config.ts'

const mikroOrm = mikroOrmEdit(editContext)

describe('mikro-orm.config.ts', () => {
  const addition = "import { sigraEntities } from './app/accounts/entities/index.ts'"

  it('adds entities, snapshot and what a difference must not touch to what is there', () => {
    const text = `import { defineConfig } from '@mikro-orm/postgresql'
import { Book } from './book.ts'

export default defineConfig({
  dbName: 'books',
  entities: [Book], // ours
  migrations: { path: 'db' },
})
`
    expect(edited(mikroOrm, text)).toBe(`import { defineConfig } from '@mikro-orm/postgresql'
import { Book } from './book.ts'
${addition}

export default defineConfig({
  dbName: 'books',
  entities: [Book, ...sigraEntities], // ours
  migrations: { path: 'db', snapshotName: '.snapshot' },
  ensureDatabase: false,
  schemaGenerator: { ignoreSchema: ['graphile_worker'], ignoreTriggers: true, ignoreRoutines: true },
})
`)
  })

  it('lets the driver read the TLS of a URL, where the host has not told it anything', () => {
    const url = (rest: string) =>
      `export default defineConfig({ clientUrl: process.env.DATABASE_URL${rest} })\n`
    const result = edited(mikroOrm, url(''))
    expect(result).toContain("import { databaseTls } from '@sigra/remix/schema'")
    expect(result).toContain('driverOptions: databaseTls(process.env.DATABASE_URL)')
    expect(edited(mikroOrm, url(', driverOptions: { ssl: true }'))).not.toContain('databaseTls')
  })

  it.each([
    ['defineConfig with nothing', 'export default defineConfig({})\n'],
    ['a plain object', 'export default { entities: [A], schemaGenerator: {} }\n'],
    ['an object with a type', 'export default { entities: [] } satisfies Options\n'],
    ['a variable', 'const config: Options = { entities: [A] }\nexport default config\n'],
    [
      'a variable inside the call',
      'const options = {\n\tentities: [\n\t\tA,\n\t],\n}\nexport default defineConfig(options)\n',
    ],
    [
      'a list that ignores others',
      "export default defineConfig({ schemaGenerator: { ignoreSchema: ['audit'] } })\n",
    ],
    ['a snapshot of its own', "export default defineConfig({ migrations: { snapshotName: 'mine' } })\n"],
  ])('understands %s', (_form, text) => {
    const result = edited(mikroOrm, text)
    expect(result).toContain('...sigraEntities')
    expect(result).toContain("'graphile_worker'")
    expect(result).toContain('snapshotName')
    for (const name of ['ignoreTriggers: true', 'ignoreRoutines: true', 'ensureDatabase: false']) {
      expect(result.split(name)).toHaveLength(2)
    }
    expect(parseModule(result, 'x.ts')).not.toBeNull()
  })

  it('keeps the snapshot of the host', () => {
    const text = "export default defineConfig({ migrations: { snapshotName: 'mine' } })\n"
    expect(edited(mikroOrm, text)).toContain("migrations: { snapshotName: 'mine' }")
  })

  it('finds nothing to do in what the template says', () => {
    expect(reasonOf(mikroOrm, loadTemplate().get('mikro-orm.config.ts') ?? null)).toBe('already')
  })

  it.each(['ignoreTriggers', 'ignoreRoutines'])(
    'says that %s is switched off, and does not overrule it',
    (name) => {
      const text = `export default defineConfig({ schemaGenerator: { ${name}: false } })\n`
      expect(reasonOf(mikroOrm, text)).toBe(`its ${name} is not true`)
      expect(mikroOrm.ensure(text)).toMatchObject({ snippet: /ignoreTriggers: true, ignoreRoutines: true/u })
    },
  )

  it('says that ensureDatabase is switched on', () => {
    const text = 'export default defineConfig({ ensureDatabase: true })\n'
    expect(reasonOf(mikroOrm, text)).toBe('its ensureDatabase is not false')
    expect(mikroOrm.ensure(text)).toMatchObject({ snippet: /ensureDatabase: false/u })
  })

  it.each([
    ['a function', 'export default () => ({ entities: [] })\n', /not a configuration object/u],
    [
      'entities from elsewhere',
      'export default defineConfig({ entities })\n',
      /not a plain list|not written out/u,
    ],
    ['a base that may hold them', 'export default defineConfig({ ...base })\n', /somewhere else/u],
    ['a computed list', 'export default defineConfig({ entities: list() })\n', /not a plain list/u],
  ])('leaves %s alone', (_shape, text, reason) => {
    expect(reasonOf(mikroOrm, text)).toMatch(reason)
  })
})
