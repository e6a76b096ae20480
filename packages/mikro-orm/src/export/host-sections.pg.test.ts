import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { expect, it } from 'vitest'
import { accountUser, defineAccountData } from '../account-data/account-data.ts'
import { identifier, sql } from '../database/sql.ts'
import { uuidKey } from '../schema/index.ts'
import { createTestRuntime, createTestUser } from '../testing/index.ts'
import { createTestEntities } from '../testing/test-entities.ts'
import { writeExport } from './write-export.ts'

it('EXP-01: an export has the host’s own tables, batch by batch, and says what it leaves out', async () => {
  const test = await createTestRuntime()
  const NoteSchema = defineEntity({
    name: 'Note',
    tableName: 'notes',
    properties: {
      id: uuidKey(),
      text: p.text(),
      secret: p.text(),
      writer: () => p.manyToOne(test.entities.User),
    },
    filters: { published: { name: 'published', default: true, cond: { text: 'none is' } } },
  })
  class Note extends NoteSchema.class {}
  NoteSchema.setClass(Note)
  const orm = new MikroORM({ entities: [...Object.values(test.entities), Note], clientUrl: test.url })
  try {
    const [user, other] = [await createTestUser(test), await createTestUser(test)]
    await test.rows(sql`
      create table ${identifier('notes')} (id uuid primary key, text text, secret text, writer_id uuid)`)
    await test.rows(sql`
      insert into notes select gen_random_uuid(), 'note ' || n, 'CANARY', ${user.id}::uuid from generate_series(1, 1234) n`)
    await test.rows(
      sql`insert into notes values (gen_random_uuid(), 'of another', 'CANARY', ${other.id}::uuid)`,
    )
    const accountData = defineAccountData({
      version: 7,
      tables: [
        { entity: Note, owner: 'writer', export: ({ text }: Note) => ({ text }), onDelete: 'delete' },
        {
          entity: test.entities.UserTotp,
          owner: 'user',
          export: { omitted: 'a secret' },
          onDelete: 'delete',
        },
      ],
    })
    let text = ''
    for await (const piece of writeExport(
      { ...test.runtime, orm, accountData },
      user.id,
      new Date().toISOString(),
    ))
      text += piece
    const { host, omitted } = JSON.parse(text)
    expect(host.user).toEqual({})
    expect(host.version).toBe(7)
    expect(new Set(host.Note.map((note: { text: string }) => note.text)).size).toBe(1234)
    expect(text).not.toContain('of another')
    expect(text).not.toContain('CANARY')
    expect(omitted).toEqual([{ table: 'UserTotp', reason: 'a secret' }])
  } finally {
    await orm.close()
    await test.close()
  }
})

it('EXP-01: an export has the host’s own columns of the user that it names, and no other', async () => {
  const { User } = createTestEntities('uuid')
  const test = await createTestRuntime({
    accountData: defineAccountData({
      version: 1,
      user: accountUser(User, { export: ['displayName'], omitted: { locale: 'the language of emails' } }),
      tables: [],
    }),
  })
  try {
    const [user, other] = [await createTestUser(test), await createTestUser(test)]
    await test.rows(sql`update users set display_name = 'Ada', locale = 'CANARY' where id = ${user.id}`)
    await test.rows(sql`update users set display_name = 'Eve' where id = ${other.id}`)
    let text = ''
    for await (const piece of writeExport(test.runtime, user.id, new Date().toISOString())) text += piece
    expect(JSON.parse(text)).toMatchObject({
      host: { version: 1, user: { displayName: 'Ada' } },
      omitted: [{ column: 'locale', reason: 'the language of emails' }],
    })
    expect(text).not.toMatch(/CANARY|Eve/)
  } finally {
    await test.close()
  }
})
