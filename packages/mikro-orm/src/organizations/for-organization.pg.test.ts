import { defineEntity, p } from '@mikro-orm/core'
import { MikroORM } from '@mikro-orm/postgresql'
import { createTestDatabase } from '@sigra/dev/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { uuidKey } from '../schema/keys.ts'
import { acrossOrganizations, forOrganization, type OrganizationRows } from './for-organization.ts'
import { organizationFilter } from './organization-filter.ts'
import { NotOrganizationOwned, OtherOrganization } from './organization-owned.ts'

const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organizations',
  properties: { id: uuidKey(), name: p.string() },
})
class Organization extends OrganizationSchema.class {}
OrganizationSchema.setClass(Organization)

const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    id: uuidKey(),
    organization: () => p.manyToOne(Organization),
    name: p.string(),
    labels: () => p.manyToMany(Label),
    tasks: () => p.oneToMany(Task).mappedBy('project'),
  },
  filters: organizationFilter,
})
class Project extends ProjectSchema.class {}
ProjectSchema.setClass(Project)

const TaskSchema = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  properties: {
    id: uuidKey(),
    organization: () => p.manyToOne(Organization),
    project: () => p.manyToOne(Project),
    title: p.string(),
  },
  filters: organizationFilter,
})
class Task extends TaskSchema.class {}
TaskSchema.setClass(Task)

const LabelSchema = defineEntity({
  name: 'Label',
  tableName: 'labels',
  properties: { id: uuidKey(), organization: () => p.manyToOne(Organization), text: p.string() },
  filters: organizationFilter,
})
class Label extends LabelSchema.class {}
LabelSchema.setClass(Label)

/** Belongs to nobody, and refers to what does. */
const VisitSchema = defineEntity({
  name: 'Visit',
  tableName: 'visits',
  properties: { id: uuidKey(), project: () => p.manyToOne(Project) },
})
class Visit extends VisitSchema.class {}
VisitSchema.setClass(Visit)

/** Has the relation and forgot the filter. */
const DraftSchema = defineEntity({
  name: 'Draft',
  tableName: 'drafts',
  properties: { id: uuidKey(), organization: () => p.manyToOne(Organization) },
})
class Draft extends DraftSchema.class {}
DraftSchema.setClass(Draft)

let orm: MikroORM
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  drop = database.drop
  orm = await MikroORM.init({
    entities: [Organization, Project, Task, Label, Visit, Draft],
    clientUrl: database.url,
    ensureDatabase: false,
  })
  await orm.schema.create()
})
afterAll(async () => {
  await orm.close(true)
  await drop()
})

let acme: OrganizationRows
let rival: OrganizationRows
let ours: Project
let theirs: Project
beforeEach(async () => {
  const em = acrossOrganizations(orm, 'a test begins with nothing')
  await em.getConnection().execute('truncate organizations cascade')
  const [one, other] = [em.create(Organization, { name: 'Acme' }), em.create(Organization, { name: 'Rival' })]
  await em.persist([one, other]).flush()
  acme = forOrganization(orm, { organization: one })
  rival = forOrganization(orm, { organization: other })
  ours = await acme.insert(Project, { name: 'ours' })
  theirs = await rival.insert(Project, { name: 'theirs' })
})

const names = async () =>
  (
    await acrossOrganizations(orm, 'a test looks at everything').find(Project, {}, { orderBy: { name: 1 } })
  ).map(({ name }) => name)

describe('without a scope', () => {
  it('ORG-15: whatever would read or change rows of organizations throws', async () => {
    const em = () => orm.em.fork()
    const forgotten = /No arguments provided for filter 'organization'/
    await expect(em().find(Project, {})).rejects.toThrow(forgotten)
    await expect(em().findOne(Project, ours.id)).rejects.toThrow(forgotten)
    await expect(em().count(Project)).rejects.toThrow(forgotten)
    await expect(em().nativeUpdate(Project, {}, { name: 'x' })).rejects.toThrow(forgotten)
    await expect(em().nativeDelete(Project, {})).rejects.toThrow(forgotten)
    await expect(em().find(Visit, {}, { populate: ['project'] })).rejects.toThrow(forgotten)
    expect(await names()).toEqual(['ours', 'theirs'])
  })

  it('a scope that names no organization sees none, rather than all', async () => {
    // What JavaScript, or a row that was read wrongly, could hand over.
    const nobody: { organization: { id: string } } = JSON.parse('{ "organization": {} }')
    await expect(forOrganization(orm, nobody).find(Project, {})).rejects.toThrow('names no organization')
    await expect(forOrganization(orm, nobody).delete(Project, {})).rejects.toThrow('names no organization')
    expect(await names()).toEqual(['ours', 'theirs'])
  })

  it('is said with a reason', async () => {
    expect(() => acrossOrganizations(orm, ' ')).toThrow('reason')
    expect(await names()).toEqual(['ours', 'theirs'])
  })
})

describe('the rows of an organization', () => {
  it('are its own, by every function', async () => {
    await acme.insert(Task, { project: ours, title: 'paint' })
    await rival.insert(Task, { project: theirs, title: 'spy' })
    expect((await acme.find(Project, {})).map(({ name }) => name)).toEqual(['ours'])
    expect(await acme.findOne(Project, { id: theirs.id })).toBeNull()
    await expect(acme.findOneOrFail(Project, theirs.id)).rejects.toThrow('not found')
    expect((await acme.findAndCount(Project, {}))[1]).toBe(1)
    expect((await acme.findByCursor(Project, { first: 9, orderBy: { id: 1 } })).totalCount).toBe(1)
    expect(await acme.count(Project, { name: 'theirs' })).toBe(0)
    const streamed: string[] = []
    for await (const { name } of acme.stream(Project)) streamed.push(name)
    expect(streamed).toEqual(['ours'])
    const [project] = await acme.find(Project, {}, { populate: ['tasks'] })
    expect(project?.tasks.getItems().map(({ title }) => title)).toEqual(['paint'])
  })

  it('are those that it changes and deletes', async () => {
    expect(await acme.update(Project, {}, { name: 'renamed' })).toBe(1)
    expect(await names()).toEqual(['renamed', 'theirs'])
    expect(await acme.delete(Project, { id: theirs.id })).toBe(0)
    expect(await acme.delete(Project, {})).toBe(1)
    expect(await names()).toEqual(['theirs'])
  })

  it('are one transaction where asked for, which writes what was changed in it', async () => {
    await acme.transactional(async (rows) => {
      const project = await rows.findOneOrFail(Project, ours.id)
      project.name = 'painted'
      await rows.insert(Task, { project, title: 'paint' })
    })
    expect(await names()).toEqual(['painted', 'theirs'])
    const undone = acme.transactional(async (rows) => {
      await rows.delete(Task, {})
      throw new Error('changed my mind')
    })
    await expect(undone).rejects.toThrow('changed my mind')
    expect(await acme.count(Task)).toBe(1)
  })

  it('refuse an entity that belongs to none, or lost its filter', async () => {
    await expect(async () => acme.find(Draft, {})).rejects.toThrow(NotOrganizationOwned)
    // @ts-expect-error it has no organization
    await expect(async () => acme.find(Visit, {})).rejects.toThrow(NotOrganizationOwned)
  })

  it('cannot be widened by an option or a condition', async () => {
    // @ts-expect-error filters would look past it
    await expect(async () => acme.find(Project, {}, { filters: false })).rejects.toThrow(OtherOrganization)
    expect(await acme.find(Project, { organization: rival.where.organization })).toEqual([])
    expect(await acme.find(Project, { $or: [{ name: 'ours' }, { name: 'theirs' }] })).toHaveLength(1)
  })
})

describe('a write that would reach into another organization', () => {
  /** How it ends, and what is there then. */
  const endOf = async (write: () => Promise<unknown>) => ({
    code: await write().then(
      () => null,
      (error: unknown) => error instanceof OtherOrganization && error.code,
    ),
    projects: await names(),
    tasks: await acrossOrganizations(orm, 'a test counts').count(Task),
  })
  const refused = { code: 'SIGRA_OTHER_ORGANIZATION', projects: ['ours', 'theirs'], tasks: 0 }

  it('ORG-01: a row of another organization, or one that moves there', async () => {
    const organization = rival.where.organization
    // @ts-expect-error the scope knows it
    expect(await endOf(async () => acme.insert(Project, { name: 'x', organization }))).toEqual(refused)
    // @ts-expect-error rows stay where they are
    expect(await endOf(async () => acme.update(Project, {}, { organization }))).toEqual(refused)
    expect(
      await endOf(() =>
        acme.transactional(async (rows) => {
          const project = await rows.findOneOrFail(Project, ours.id)
          project.organization = orm.em.fork().getReference(Organization, organization)
        }),
      ),
    ).toEqual(refused)
  })

  it('ORG-15: a parent that is another organization’s, by id, by entity and by a change', async () => {
    expect(await endOf(() => acme.insert(Task, { project: theirs.id, title: 'x' }))).toEqual(refused)
    expect(await endOf(() => acme.insert(Task, { project: theirs, title: 'x' }))).toEqual(refused)
    await acme.insert(Task, { project: ours, title: 'paint' })
    await expect(acme.update(Task, {}, { project: theirs.id })).rejects.toThrow(OtherOrganization)
    const moved = acme.transactional(async (rows) => {
      const task = await rows.findOneOrFail(Task, { title: 'paint' })
      task.project = orm.em.fork().getReference(Project, theirs.id)
    })
    await expect(moved).rejects.toThrow(OtherOrganization)
    expect(await acme.count(Task, { project: ours.id })).toBe(1)
  })

  it('ORG-15: a row that was never read, and an item of a list that is another organization’s', async () => {
    const label = await rival.insert(Label, { text: 'secret' })
    const own = await acme.insert(Label, { text: 'open' })
    const tag = (id: string) =>
      acme.transactional(async (rows) => {
        const project = await rows.findOneOrFail(Project, ours.id, { populate: ['labels'] })
        project.labels.add(orm.em.fork().getReference(Label, id))
      })
    await expect(tag(label.id)).rejects.toThrow(OtherOrganization)
    await expect(tag(own.id)).rejects.toThrow('read it with the scope')
    await acme.transactional(async (rows) => {
      const project = await rows.findOneOrFail(Project, ours.id, { populate: ['labels'] })
      project.labels.add(await rows.findOneOrFail(Label, own.id))
    })
    const [project] = await acme.find(Project, {}, { populate: ['labels'] })
    expect(project?.labels.getItems().map(({ text }) => text)).toEqual(['open'])
  })

  it('a parent that is gone', async () => {
    await acme.delete(Project, {})
    await expect(acme.insert(Task, { project: ours.id, title: 'x' })).rejects.toThrow(OtherOrganization)
  })
})
