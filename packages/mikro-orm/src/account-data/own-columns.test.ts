import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { afterAll, describe, expect, it } from 'vitest'
import { compile, join, sql } from '../database/sql.ts'
import { userProperties, uuidKey } from '../schema/index.ts'
import { planOwnColumns } from './own-columns.ts'

const UserSchema = defineEntity({
  name: 'User',
  properties: {
    id: uuidKey(),
    ...userProperties,
    team: () => p.manyToOne(User).nullable(),
    nickname: p.string().nullable().unique(),
    motto: p.text().default('none yet'),
    city: p.string(),
    handle: p.string().unique(),
    slug: p.string().length(44),
    upper: p.string().generated((cols) => `upper(${String(cols.city)}) stored`),
  },
  uniques: [{ properties: ['city', 'slug'] }],
})
class User extends UserSchema.class {}
UserSchema.setClass(User)

const GuestSchema = defineEntity({
  name: 'Guest',
  properties: {
    id: uuidKey(),
    ...userProperties,
    seats: p.integer(),
    code: p.string().length(20).unique(),
    level: p.enum(['one', 'two']),
    token: p.uuid(),
  },
})
class Guest extends GuestSchema.class {}
GuestSchema.setClass(Guest)

const orm = new MikroORM({ entities: [User, Guest], clientUrl: 'postgresql://localhost/nowhere' })
afterAll(() => orm.close(true))

describe('what becomes of the app’s own columns of a user that is anonymised', () => {
  it('is null, the default or no text, and a name where it is unique', () => {
    const { cleared, set } = planOwnColumns(orm, User, { onDelete: { set: { motto: 'gone' } } })
    expect(set).toEqual({ motto: 'gone' })
    expect(compile(join(cleared, sql`; `)).text.split('; ')).toEqual([
      '"team_id" = null',
      '"nickname" = null',
      `"city" = 'deleted-' || id::text`,
      `"handle" = 'deleted-' || id::text`,
      `"slug" = 'deleted-' || id::text`,
    ])
  })

  it.each(['seats', 'code', 'level', 'token'])('has to be said of %s', (name) => {
    const all = { seats: 0, code: '', level: 'one', token: '' }
    const others = Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))
    expect(() => planOwnColumns(orm, Guest, { onDelete: { set: others } })).toThrow(
      `accountData.user: say what Guest.${name} becomes when an account is deleted`,
    )
    expect(planOwnColumns(orm, Guest, { onDelete: { set: all } }).cleared).toEqual([])
  })
})
