import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { expect, inject, it } from 'vitest'
import { createAppTemplate } from '../testing/start-app.ts'
import { createTestDatabase } from '../testing/test-database.ts'

const root = new URL('../../../../', import.meta.url)

it('the guide on leaving drops everything that the migrations of an app made', async () => {
  const guide = await readFile(new URL('docs/upgrading.md', root), 'utf8')
  const [, statements = ''] = /^```sql\n([^]*?)^```$/m.exec(guide) ?? []
  const template = `leaving_${randomBytes(4).toString('hex')}`
  await createAppTemplate(inject('postgresUrl'), template, fileURLToPath(new URL('playground', root)))
  const database = await createTestDatabase(inject('postgresUrl'), { template })
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('drop table projects') // the playground’s own, which refer to what goes: the guide says so
    await client.query(statements)
    const { rows } = await client.query<{ name: string }>(`
      select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema')
      union all select routine_name from information_schema.routines
      where routine_schema not in ('pg_catalog', 'information_schema')`)
    expect(rows.map(({ name }) => name).filter((name) => !name.includes('mikro_orm'))).toEqual([])
  } finally {
    await client.end()
    await database.drop()
  }
})
