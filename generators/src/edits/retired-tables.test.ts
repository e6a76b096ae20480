import { describe, expect, it } from 'vitest'
import { tablesOf } from '../feature-tables.ts'
import { smallState } from '../testing-only/small-app.ts'
import { editContext, edited, reasonOf } from '../testing-only/try-edit.ts'
import { retiredTablesEdits } from './retired-tables.ts'

describe('mikro-orm.config.ts, tables of what retired', () => {
  const tables = tablesOf(['passkeys'], smallState().names)
  const [keep, drop] = [
    retiredTablesEdits({ ...editContext, retired: { before: [], now: tables } }),
    retiredTablesEdits({ ...editContext, retired: { before: tables, now: [] } }),
  ].flat()
  if (!keep || !drop) throw new Error('Both edits are made.')
  const config = (generator: string) =>
    `import { defineConfig } from '@mikro-orm/postgresql'\n\nexport default defineConfig({\n  schemaGenerator: ${generator},\n})\n`
  const ours = "skipTables: ['user_passkeys', 'webauthn_spent_challenges']"

  it.each([
    ["{ ignoreSchema: ['graphile_worker'] }", `{ ignoreSchema: ['graphile_worker'], ${ours} }`],
    [
      "{ skipTables: ['mine'], ignoreSchema: [] }",
      "{ skipTables: ['mine', 'user_passkeys', 'webauthn_spent_challenges'], ignoreSchema: [] }",
    ],
  ])('are skipped, and not any more once they are wanted again: %s', (before, after) => {
    expect(edited(keep, config(before))).toBe(config(after))
    expect(edited(drop, config(after))).toBe(config(before))
  })

  it.each([
    ['generator', 'not written out'],
    ['{ ...generator }', 'from somewhere else'],
    ['{ skipTables: tables }', 'not a plain list'],
  ])('are said where the configuration is %s', (generator, reason) => {
    expect(reasonOf(keep, config(generator))).toContain(reason)
  })

  it('leave a configuration alone where nothing ever retired', () => {
    expect(retiredTablesEdits(editContext)).toEqual([])
    expect(drop.ensure(config('{}'))).toEqual({ outcome: 'already' })
  })
})
