import { describe, expect, it } from 'vitest'
import { settleTables, sortTables, withoutTables } from './snapshot.ts'

const table = (name: string, references: readonly string[] = []) => ({
  name,
  columns: { id: { name: 'id' } },
  foreignKeys: Object.fromEntries(
    references.map((referencedTableName) => [`${name}_to_${referencedTableName}`, { referencedTableName }]),
  ),
})
const print = (tables: readonly unknown[]) => JSON.stringify({ name: 'public', tables, views: [] }, null, 2)

describe('withoutTables', () => {
  it('takes the tables out, and every key that leads to one of them', () => {
    const text = print([
      table('audit'),
      table('passkeys', ['public.users']),
      table('uses', ['public.passkeys', 'public.users', 'passkeys']),
      table('users'),
    ])
    expect(withoutTables(text, new Set(['passkeys']))).toBe(
      print([table('audit'), table('uses', ['public.users']), table('users')]),
    )
  })

  it('leaves a snapshot without them as it is, byte for byte', () => {
    const text = `${JSON.stringify({ tables: [table('users')] })}\n`
    expect(withoutTables(text, new Set(['passkeys']))).toBe(text)
    expect(withoutTables(text, new Set())).toBe(text)
  })
})

describe('sortTables', () => {
  it('stands tables in the order of their names, as MikroORM does', () => {
    const tables = [table('audit_events'), table('zebra_passkeys', ['public.zebras']), table('limits')]
    expect(sortTables(print(tables))).toBe(
      print([table('audit_events'), table('limits'), table('zebra_passkeys', ['public.zebras'])]),
    )
  })
})

describe('settleTables', () => {
  const passkeys = new Set(['passkeys'])
  const snapshot = print([table('audit'), table('passkeys', ['public.users']), table('users')])

  it('puts the tables of what retired aside, and back where the feature returns', () => {
    const away = settleTables({ snapshot, shelf: null }, passkeys)
    expect(away.snapshot).toBe(print([table('audit'), table('users')]))
    expect(JSON.parse(away.shelf ?? '')).toEqual({ tables: [table('passkeys', ['public.users'])] })
    expect(settleTables(away, new Set())).toEqual({ snapshot, shelf: null })
  })

  it('changes nothing the second time', () => {
    const away = settleTables({ snapshot, shelf: null }, passkeys)
    expect(settleTables(away, passkeys)).toEqual(away)
    expect(settleTables({ snapshot, shelf: null }, new Set())).toEqual({ snapshot, shelf: null })
  })

  it('has each table once after a run that was killed between the two files', () => {
    const { shelf } = settleTables({ snapshot, shelf: null }, passkeys)
    expect(settleTables({ snapshot, shelf }, passkeys)).toEqual(
      settleTables({ snapshot, shelf: null }, passkeys),
    )
    expect(settleTables({ snapshot, shelf }, new Set())).toEqual({ snapshot, shelf: null })
  })
})
