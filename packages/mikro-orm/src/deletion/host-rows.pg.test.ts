import { type AnyEntity, defineEntity, type EntityClass, MikroORM, p } from '@mikro-orm/postgresql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AccountData, accountTable, defineAccountData } from '../account-data/account-data.ts'
import { identifier, sql } from '../database/sql.ts'
import type { Policy } from '../policy.ts'
import type { Runtime } from '../runtime.ts'
import { uuidKey, userProperties } from '../schema/index.ts'
import { createTestRuntime, createTestUser, type TestRuntime, type TestUser } from '../testing/index.ts'
import { makeDue } from '../testing/test-due-user.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { runUserDeletions } from './run-user-deletions.ts'

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: uuidKey(),
    ...userProperties,
    displayName: p.string().length(100).nullable(),
    locale: p.string().length(35).nullable(),
    motto: p.text().default('none yet'),
    city: p.string(),
    handle: p.string().length(44).unique(),
    seats: p.integer(),
  },
})
class User extends UserSchema.class {}
UserSchema.setClass(User)

const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    id: uuidKey(),
    owner: () => p.manyToOne(User),
    members: () => p.manyToMany(User),
    isHidden: p.boolean(),
  },
  filters: { shown: { name: 'shown', default: true, cond: { isHidden: false } } },
})
class Project extends ProjectSchema.class {}
ProjectSchema.setClass(Project)

const CommentSchema = defineEntity({
  name: 'Comment',
  tableName: 'comments',
  properties: {
    id: uuidKey(),
    author: () => p.manyToOne(User).nullable(),
    project: () => p.manyToOne(Project),
    text: p.text(),
  },
  filters: { none: { name: 'none', default: true, cond: { text: 'none is' } } },
})
class Comment extends CommentSchema.class {}
CommentSchema.setClass(Comment)

const InvoiceSchema = defineEntity({
  name: 'Invoice',
  tableName: 'invoices',
  properties: { id: uuidKey(), customer: () => p.manyToOne(User) },
})
class Invoice extends InvoiceSchema.class {}
InvoiceSchema.setClass(Invoice)

const omitted = { export: { omitted: 'not asked here' } }
const projects = accountTable(Project, { owner: 'owner', ...omitted, onDelete: 'delete' })
const deletedComments = accountTable(Comment, { owner: 'author', ...omitted, onDelete: 'delete' })
const namelessComments = accountTable(Comment, {
  owner: 'author',
  ...omitted,
  onDelete: { set: { author: null, text: '' } },
})
const invoices = accountTable(Invoice, { owner: 'customer', ...omitted, onDelete: { kept: 'tax law' } })
const user = { export: [], onDelete: { set: { seats: 0 } } }

let test: TestRuntime
let orm: MikroORM

beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  const entities: EntityClass<AnyEntity>[] = [User, Project, Comment, Invoice]
  orm = await MikroORM.init({ entities, clientUrl: test.url, ensureDatabase: false })
  await test.rows(sql`
    alter table users add motto text not null default 'none yet', add city text not null default 'Rome',
      add handle varchar(44) not null unique default gen_random_uuid()::text, add seats integer not null default 5`)
  await test.rows(sql`
    create table projects (id uuid primary key default gen_random_uuid(), owner_id uuid not null references users,
      is_hidden boolean not null default true)`)
  await test.rows(sql`
    create table projects_members (project_id uuid not null references projects on delete cascade,
      user_id uuid not null references users)`)
  await test.rows(sql`
    create table comments (id uuid primary key default gen_random_uuid(), author_id uuid references users,
      project_id uuid not null references projects, text text not null default 'words')`)
  await test.rows(sql`
    create table invoices (id uuid primary key default gen_random_uuid(), customer_id uuid not null references users)`)
})
beforeEach(async () => {
  for (const table of ['invoices', 'comments', 'projects_members', 'projects'])
    await test.rows(sql`delete from ${identifier(table)}`)
})
afterAll(async () => {
  await orm.close()
  await test.close()
})

const runtimeWith = (
  data: Omit<AccountData, 'version'>,
  strategy: Policy['deletion']['strategy'] = 'anonymise',
): Runtime => ({
  ...test.runtime,
  orm,
  entities: { ...test.entities, User },
  accountData: defineAccountData({ version: 1, user, ...data }),
  policy: { ...test.runtime.policy, deletion: { ...test.runtime.policy.deletion, strategy } },
})

async function createDueUser(): Promise<TestUser> {
  const due = await createTestUser(test)
  await makeDue(test, due, -1)
  return due
}

async function insertProject({ id }: TestUser): Promise<string> {
  const [row] = await test.rows<{ id: string }>(
    sql`insert into projects (owner_id) values (${id}) returning id`,
  )
  return row?.id ?? ''
}

const insertComment = (author: TestUser, project: string) =>
  test.rows(sql`insert into comments (author_id, project_id) values (${author.id}, ${project})`)

const failures = ({ id }: TestUser) =>
  test.rows<{ metadata: unknown }>(sql`
    select metadata from audit_events where subject_id = ${id} and action = 'account.deletion_failed'
    order by occurred_at`)

const isDeleted = async ({ id }: TestUser) =>
  (await test.rows(sql`select from users where id = ${id} and deleted_at is null`)).length === 0

describe.each(['anonymise', 'hard', 'soft'] as const)(
  'rows of the app’s own, by the strategy %s',
  (strategy) => {
    it('DEL-02 go, however they are hidden by filters, in an order that their references allow', async () => {
      const due = await createDueUser()
      await insertComment(due, await insertProject(due))
      const runtime = runtimeWith({ tables: [projects, deletedComments] }, strategy)
      expect(await runUserDeletions(runtime)).toMatchObject({ deleted: 1, failed: 0 })
      expect(await test.rows(sql`select from projects`)).toEqual([])
      expect(await test.rows(sql`select from comments`)).toEqual([])
    })

    it('DEL-02 stay without their owner where the app says so, and links to them go', async () => {
      const [due, other] = [await createDueUser(), await createTestUser(test)]
      const project = await insertProject(other)
      await insertComment(due, project)
      await insertComment(other, project)
      for (const { id } of [due, other])
        await test.rows(sql`insert into projects_members values (${project}, ${id})`)
      const runtime = runtimeWith({ tables: [namelessComments] }, strategy)
      expect(await runUserDeletions(runtime)).toMatchObject({ deleted: 1, failed: 0 })
      expect(await test.rows(sql`select author_id as author, text from comments order by 1`)).toEqual([
        { author: other.id, text: 'words' },
        { author: null, text: '' },
      ])
      expect(await test.rows(sql`select user_id as id from projects_members`)).toEqual([{ id: other.id }])
    })

    it('can be read one last time by what the app does beside', async () => {
      const due = await createDueUser()
      const project = await insertProject(due)
      const seen: string[] = []
      const runtime = runtimeWith(
        {
          tables: [projects],
          async inTransaction(em, { id }) {
            for (const each of await em.find(Project, { owner: id }, { filters: false })) seen.push(each.id)
            await em.execute(`select from graphile_worker.add_job('host.files', '{"owner": "${id}"}')`)
          },
        },
        strategy,
      )
      await runUserDeletions(runtime)
      expect(seen).toEqual([project])
      expect(
        await test.rows(sql`select from graphile_worker.jobs where task_identifier = 'host.files'`),
      ).toHaveLength(1)
      await test.rows(sql`delete from graphile_worker._private_jobs`)
    })
  },
)

describe('rows that the app keeps', () => {
  it('stay as they are, and belong to a nameless account', async () => {
    const due = await createDueUser()
    await test.rows(sql`insert into invoices (customer_id) values (${due.id})`)
    await runUserDeletions(runtimeWith({ tables: [invoices] }))
    expect(await test.rows(sql`select u.email from invoices i join users u on u.id = i.customer_id`)).toEqual(
      [{ email: `deleted-${due.id}@deleted.invalid` }],
    )
  })
})

describe('the app’s own columns of the user', () => {
  it('become what the app says, else null, the default, or no text; unique ones a name of their own', async () => {
    const [due, next] = [await createDueUser(), await createDueUser()]
    await test.rows(
      sql`update users set display_name = 'Ada', motto = 'Ada', city = 'Ada' where id = ${due.id}`,
    )
    expect(await runUserDeletions(runtimeWith({ tables: [] }))).toMatchObject({ deleted: 2 })
    const [row] = await test.rows(sql`
      select display_name as name, locale, motto, city, handle, seats from users where id = ${due.id}`)
    expect(row).toEqual({
      name: null,
      locale: null,
      motto: 'none yet',
      city: '',
      handle: `deleted-${due.id}`,
      seats: 0,
    })
    expect(await isDeleted(next)).toBe(true)
  })
})

describe('a table that refuses', () => {
  it('undoes the deletion of that account alone, is named in the audit log, and is asked again after an hour', async () => {
    const [due, other, third] = [await createDueUser(), await createTestUser(test), await createDueUser()]
    await insertComment(other, await insertProject(due))
    const runtime = runtimeWith({ tables: [projects, deletedComments] })
    expect(await runUserDeletions(runtime)).toEqual({ deleted: 1, failed: 1, more: false })
    expect(await isDeleted(third)).toBe(true)
    expect(await isDeleted(due)).toBe(false)
    expect(await test.rows(sql`select from projects where owner_id = ${due.id}`)).toHaveLength(1)
    expect(await failures(due)).toEqual([{ metadata: { reason: '23503', table: 'comments' } }])
    expect(test.logged).toContainEqual({
      level: 'error',
      event: 'deletion.failed',
      fields: { userId: due.id, reason: '23503', table: 'comments' },
    })

    expect(await runUserDeletions(runtime)).toMatchObject({ deleted: 0, failed: 0 })
    test.advance({ minutes: 59 })
    expect(await runUserDeletions(runtime)).toMatchObject({ deleted: 0, failed: 0 })
    await test.rows(sql`delete from comments`)
    test.advance({ minutes: 2 })
    expect(await runUserDeletions(runtime)).toMatchObject({ deleted: 1, failed: 0 })
    expect(await failures(due)).toHaveLength(1)
    expect(await isDeleted(due)).toBe(true)
  })

  it('is named also where nobody has declared it', async () => {
    const due = await createDueUser()
    await insertProject(due)
    expect(await runUserDeletions(runtimeWith({ tables: [] }, 'hard'))).toMatchObject({ failed: 1 })
    expect(await failures(due)).toEqual([{ metadata: { reason: '23503', table: 'projects' } }])
    await test.rows(sql`delete from projects`)
    test.advance({ hours: 2 })
    await runUserDeletions(runtimeWith({ tables: [] }, 'hard'))
  })

  it('and only says so at the end, is named all the same', async () => {
    const due = await createDueUser()
    await test.rows(sql`
      create table receipts (id uuid, owner_id uuid references users deferrable initially deferred)`)
    await test.rows(sql`insert into receipts values (gen_random_uuid(), ${due.id})`)
    expect(await runUserDeletions(runtimeWith({ tables: [] }, 'hard'))).toMatchObject({ failed: 1 })
    expect(await failures(due)).toEqual([{ metadata: { reason: '23503', table: 'receipts' } }])
    await test.rows(sql`drop table receipts`)
    test.advance({ hours: 2 })
    await runUserDeletions(runtimeWith({ tables: [] }, 'hard'))
  })

  it('may be a service of the app’s that is away: others are deleted meanwhile, and its words stay out of the log', async () => {
    const [due, other] = [await createDueUser(), await createDueUser()]
    const runtime = runtimeWith({
      tables: [],
      async inTransaction(_em, { id }) {
        if (id === due.id)
          throw Object.assign(new Error(`no files of ${due.email}`), { code: 'ECONNREFUSED' })
      },
    })
    expect(await runUserDeletions(runtime)).toEqual({ deleted: 1, failed: 1, more: false })
    expect(await isDeleted(other)).toBe(true)
    expect(await failures(due)).toEqual([{ metadata: { reason: 'inTransaction' } }])
    expect(JSON.stringify(test.logged)).not.toContain(due.email)
  })
})

describe('a run whose connection is cut in the middle', () => {
  it('DEL-03 leaves each account whole or gone, and the next run goes on', async () => {
    test.advance({ hours: 2 })
    await runUserDeletions(runtimeWith({ tables: [] }))
    const users = [await createDueUser(), await createDueUser(), await createDueUser()]
    for (const each of users) await insertProject(each)
    let count = 0
    const runtime = runtimeWith({
      tables: [projects],
      async inTransaction(em) {
        if (++count !== 2) return
        const [{ pid }] = await em.execute<[{ pid: number }]>('select pg_backend_pid() as pid')
        await test.rows(sql`select pg_terminate_backend(${pid}::int, 5000)`)
      },
    })
    await expect(runUserDeletions(runtime)).rejects.toThrow('The database does not answer')
    expect(await Promise.all(users.map(isDeleted))).toEqual([true, false, false])
    expect(await test.rows(sql`select from projects`)).toHaveLength(2)
    expect(await runUserDeletions(runtime)).toEqual({ deleted: 2, failed: 0, more: false })
    expect(await test.rows(sql`select from projects`)).toEqual([])
    for (const each of users) expect(await failures(each)).toEqual([])
  })
})
