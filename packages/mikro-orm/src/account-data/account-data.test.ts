import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { ConfigInvalid, createRootSecret } from '@sigra/core'
import { afterAll, describe, expect, it } from 'vitest'
import { configurePasskeys } from '../passkeys/configure-passkeys.ts'
import type { PolicyOverrides } from '../policy.ts'
import { createRuntime } from '../runtime.ts'
import { userProperties, uuidKey } from '../schema/index.ts'
import { createTestEntities } from '../testing/test-entities.ts'
import { createTestPasskeyEntities } from '../testing/passkeys/test-passkeys.ts'
import {
  type AccountData,
  type AccountTable,
  type AccountUser,
  accountTable,
  accountUser,
  defineAccountData,
} from './account-data.ts'
import { listUserLinks } from './list-relations.ts'
import { listUndeclared } from './list-undeclared.ts'

const accounts = createTestEntities('uuid')
const entities = { ...accounts, ...createTestPasskeyEntities('uuid', accounts.User) }
const ProjectSchema = defineEntity({
  name: 'Project',
  properties: {
    id: uuidKey(),
    name: p.string(),
    createdBy: () => p.manyToOne(entities.User).nullable(),
    reviewer: () => p.manyToOne(entities.User).ref(),
  },
})
class Project extends ProjectSchema.class {}
ProjectSchema.setClass(Project)

const MembershipSchema = defineEntity({
  name: 'Membership',
  tableName: 'memberships',
  properties: {
    group: () => p.manyToOne(Group).primary(),
    person: () => p.manyToOne(entities.User).primary(),
    role: p.string(),
  },
})
class Membership extends MembershipSchema.class {}
MembershipSchema.setClass(Membership)

const GroupSchema = defineEntity({
  name: 'Group',
  properties: {
    id: uuidKey(),
    members: () => p.manyToMany(entities.User).pivotEntity(() => Membership),
    admirers: () => p.manyToMany(entities.User),
  },
})
class Group extends GroupSchema.class {}
GroupSchema.setClass(Group)

const PersonSchema = defineEntity({ name: 'Person', properties: { id: uuidKey(), ...userProperties } })
class Person extends PersonSchema.class {}
const NoteSchema = defineEntity({
  name: 'Note',
  properties: {
    id: uuidKey(),
    text: p.text(),
    writer: () => p.manyToOne(Person),
    reader: () => p.manyToOne(Person).ref().nullable(),
  },
})
class Note extends NoteSchema.class {}

const orm = new MikroORM({
  entities: [...Object.values(entities), Project],
  clientUrl: 'postgresql://localhost/nowhere',
})
afterAll(() => orm.close(true))

const createdBy: AccountTable = {
  entity: Project,
  owner: 'createdBy',
  export: () => ({}),
  onDelete: { set: { createdBy: null } },
}
const reviewer: AccountTable = { ...createdBy, owner: 'reviewer', onDelete: 'delete' }

const create = (accountData?: AccountData, policy: PolicyOverrides = {}) =>
  createRuntime({
    policy,
    orm,
    entities,
    areas: [configurePasskeys({ entities })],
    accountData,
    origin: 'https://app.example.com',
    secrets: createRootSecret(),
    appName: 'Acme',
  })

describe('what an app keeps about people', () => {
  it('misses nothing that leads to a user, but our own tables', () => {
    const columns = ['User.displayName', 'User.locale']
    expect(listUndeclared(create())).toEqual([...columns, 'Project.createdBy', 'Project.reviewer'])
    expect(listUndeclared(create(defineAccountData({ version: 1, tables: [createdBy] })))).toEqual([
      ...columns,
      'Project.reviewer',
    ])
    expect(listUndeclared(create({ version: 1, tables: [createdBy, reviewer] }))).toEqual(columns)
  })

  it('misses no column of its own of the user that is neither exported nor left out', () => {
    const tables = [createdBy, reviewer]
    const user = accountUser(entities.User, { export: ['displayName'] })
    expect(listUndeclared(create({ version: 1, tables, user }))).toEqual(['User.locale'])
    const both = { ...user, omitted: { locale: 'the language of emails' } }
    expect(listUndeclared(create({ version: 1, tables, user: both }))).toEqual([])
  })

  it.each<[string, AccountUser, string]>([
    ['exports a column of the library', { export: ['hashedPassword'] }, "is the library's own column"],
    ['exports what is no column', { export: ['nickname'] }, 'is not a property'],
    ['leaves out a column of the library', { export: [], omitted: { email: 'no' } }, 'no column of your own'],
    ['resets one', { export: [], onDelete: { set: { email: '' } } }, 'no column of your own'],
  ])('refuses to start where it %s', (_, user, message) => {
    expect(() => create({ version: 1, tables: [], user })).toThrow(message)
  })

  it.each<[string, AccountTable, string]>([
    [
      'null where none may be',
      { ...createdBy, onDelete: { set: { reviewer: null } } },
      'Project.reviewer cannot be null',
    ],
    [
      'a property that is not there',
      { ...createdBy, onDelete: { set: { owner: null } } },
      'no property "owner"',
    ],
  ])('refuses to start where a deletion would set %s', (_, table, message) => {
    expect(() => create({ version: 1, tables: [table] })).toThrow(message)
  })

  it('refuses to start where rows are kept that lead to one that goes', () => {
    const kept = { ...reviewer, onDelete: { kept: 'tax law' } }
    const hard = { deletion: { strategy: 'hard' as const } }
    const message = 'Project.reviewer leads to a row that policy.deletion.strategy "hard" deletes'
    expect(() => create({ version: 1, tables: [kept] }, hard)).toThrow(message)
    expect(() =>
      create({ version: 1, tables: [{ ...kept, onDelete: { set: { name: '' } } }] }, hard),
    ).toThrow(message)
    expect(create({ version: 1, tables: [kept] }).accountData.tables).toEqual([kept])
    const byTheDatabase = { ...createdBy, onDelete: { kept: 'its foreign key becomes null' } }
    for (const table of [createdBy, byTheDatabase, reviewer])
      expect(create({ version: 1, tables: [table] }, hard).accountData.tables).toEqual([table])
  })

  it('names what links people where that says more, and goes through what only links them by itself', async () => {
    const other = new MikroORM({
      entities: [...Object.values(entities), Group, Membership],
      clientUrl: 'postgresql://localhost/nowhere',
    })
    const runtime = { ...create(), orm: other }
    expect(listUndeclared(runtime).slice(2)).toEqual(['Membership.person'])
    expect(listUserLinks(other, entities).map(({ meta }) => meta.tableName)).toEqual(['group_admirers'])
    await other.close(true)
  })

  it('belongs to a user, and stands there once', () => {
    const name = { ...createdBy, owner: 'name' }
    expect(() => create({ version: 1, tables: [name] })).toThrow(ConfigInvalid)
    expect(() => create({ version: 1, tables: [createdBy, createdBy] })).toThrow('stands there twice')
  })

  it('is among the entities of MikroORM', () => {
    const stray = { ...createdBy, entity: Note }
    expect(() => create({ version: 1, tables: [stray] })).toThrow('is not among the entities')
  })

  it('names columns of the user, or it does not compile', () => {
    // @ts-expect-error there is no such column
    expect(accountUser(Person, { export: ['emial'] }).export).toEqual(['emial'])
  })

  it('has an owner that is a relation to the user, or it does not compile', () => {
    const plan = { export: ({ text }: Note) => ({ text }), onDelete: 'delete' } as const
    const tables = [
      accountTable(Note, { owner: 'writer', ...plan }),
      accountTable(Note, { owner: 'reader', ...plan, onDelete: { set: { reader: null } } }),
      // @ts-expect-error text is no relation to the user
      accountTable(Note, { owner: 'text', ...plan }),
      // @ts-expect-error nor is there such a column
      accountTable(Note, { owner: 'writer', ...plan, onDelete: { set: { author: null } } }),
    ]
    expect(defineAccountData({ version: 1, tables }).tables.map(({ owner }) => owner)).toEqual([
      'writer',
      'reader',
      'text',
      'writer',
    ])
  })
})
