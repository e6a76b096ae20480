import { describe, expect, it } from 'vitest'
import { withoutTables } from './snapshot.ts'

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
