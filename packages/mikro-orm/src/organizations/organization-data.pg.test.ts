import { randomBytes } from 'node:crypto'
import { type AnyEntity, defineEntity, type EntityClass, MikroORM, p } from '@mikro-orm/postgresql'
import { createRootSecret } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineAccountData } from '../account-data/account-data.ts'
import { listUndeclared } from '../account-data/list-undeclared.ts'
import { sql } from '../database/sql.ts'
import { runUserDeletions } from '../deletion/run-user-deletions.ts'
import { writeExport } from '../export/write-export.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { bigintKey, uuidKey } from '../schema/index.ts'
import { createTestRuntime, createTestUser, type TestRuntime, type TestUser } from '../testing/index.ts'
import { configureTestAreas } from '../testing/test-areas.ts'
import { findText, makeDue } from '../testing/test-due-user.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { acrossOrganizations, forOrganization } from './for-organization.ts'
import { type OrganizationTable, organizationTable } from './organization-data.ts'
import { organizationFilter } from './organization-filter.ts'
import { runOrganizationDeletions } from './run-organization-deletions.ts'

describe.each(['uuid', 'bigint'] as const)(
  'the app’s own rows of organizations, with ids of %s',
  (idType) => {
    let test: TestRuntime
    let host: Host
    let owner: TestUser
    let acme: TestOrganization
    let rival: TestOrganization
    beforeAll(async () => {
      test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
      host = await createHost(test, idType)
    })
    afterAll(async () => {
      await host.orm.close(true)
      await test.close()
    })
    beforeEach(async () => {
      await test.rows(sql`truncate organizations cascade`)
      owner = await createTestUser(test, { hashedPassword: null })
      acme = await createTestOrganization(test, { owner: owner.id })
      rival = await createTestOrganization(test, { owner: owner.id })
    })

    const both = () => [
      organizationTable(host.Project, { export: ({ name }) => ({ name }), onDelete: 'delete' }),
      organizationTable(host.Task, { export: { omitted: 'parts of projects' }, onDelete: 'delete' }),
    ]

    /** A process of the app, as it is with these tables. */
    const withData = (data: readonly OrganizationTable[], accountData = noTables): Runtime => ({
      ...createRuntime({
        orm: host.orm,
        entities: test.entities,
        areas: configureTestAreas(test.entities, generousLimits, { organizations: { data } }),
        accountData,
        origin: 'https://app.test',
        secrets: createRootSecret(),
        appName: 'Acme',
        production: false,
        dangerouslyWeakPolicy: true,
        policy: { ...generousLimits, ...cheapHashing },
        logger: test.runtime.logger,
      }),
      clockOffset: test.runtime.clockOffset,
    })

    /** A project with a task, in each column of which a word stands. */
    async function fill({ id }: TestOrganization, word: string): Promise<void> {
      const scope = forOrganization(host.orm, { organization: { id } })
      const project = await scope.insert(host.Project, { name: word, isHidden: true })
      await scope.insert(host.Task, { title: word, project: project.id, assignee: null })
    }

    const createWord = () => `canary${randomBytes(6).toString('hex')}`
    const makeOrganizationDue = ({ id }: TestOrganization) =>
      test.rows(sql`update organizations set delete_after = now() - interval '1 minute' where id = ${id}`)
    const failures = ({ id }: TestOrganization) =>
      test.rows<{ metadata: unknown }>(sql`
      select metadata from audit_events where organization_id = ${id} and action = 'organization.deletion_failed'`)
    const tables = ['public.projects', 'public.tasks']

    it('go with it, in an order that their references allow and however they are hidden; those of another one stay', async () => {
      const [word, other] = [createWord(), createWord()]
      await fill(rival, other)
      for (const data of [both(), both().toReversed()]) {
        const due = await createTestOrganization(test, { owner: owner.id })
        await fill(due, word)
        await makeOrganizationDue(due)
        expect(await findText(test, word)).toEqual(tables)
        expect(await runOrganizationDeletions(withData(data))).toMatchObject({ deleted: 1, failed: 0 })
        expect(await findText(test, word)).toEqual([])
      }
      expect(await findText(test, other)).toEqual(tables)
    })

    it('undo the deletion of their organization alone where a table refuses, which is named, and asked again', async () => {
      const word = createWord()
      await fill(acme, word)
      await makeOrganizationDue(acme)
      await makeOrganizationDue(rival)
      const [projects] = both()
      const runtime = withData(projects ? [projects] : [])
      expect(await runOrganizationDeletions(runtime)).toEqual({ deleted: 1, failed: 1, more: false })
      expect(await findText(test, word)).toEqual(tables)
      expect(await failures(acme)).toEqual([{ metadata: { reason: '23503', table: 'tasks' } }])
      test.advance({ minutes: 61 })
      expect(await runOrganizationDeletions(withData(both()))).toMatchObject({ deleted: 1, failed: 0 })
      expect(await findText(test, word)).toEqual([])
      test.advance({ minutes: -61 })
    })

    it('are deleted by a function of the app’s, which sees those of its organization alone', async () => {
      const [word, other] = [createWord(), createWord()]
      await fill(acme, word)
      await fill(rival, other)
      await makeOrganizationDue(acme)
      const seen: string[] = []
      const tasks = organizationTable(host.Task, {
        export: { omitted: 'parts of projects' },
        async onDelete(em, { id }) {
          expect(id).toBe(acme.id)
          const found = await em.find(host.Task, {}, { filters: ofHidden })
          seen.push(...found.map(({ title }) => title))
          em.remove(found)
        },
      })
      const [projects] = both()
      const runtime = withData(projects ? [projects, tasks] : [])
      expect(await runOrganizationDeletions(runtime)).toMatchObject({ deleted: 1, failed: 0 })
      expect(seen).toEqual([word])
      expect(await findText(test, word)).toEqual([])
      expect(await findText(test, other)).toEqual(tables)
    })

    it('stay with their organization where that function throws, whose words stay out of the log', async () => {
      const word = createWord()
      await fill(acme, word)
      await makeOrganizationDue(acme)
      const tasks = organizationTable(host.Task, {
        export: { omitted: 'parts of projects' },
        async onDelete(em) {
          await em.nativeDelete(host.Task, {})
          throw new Error(`no files of ${word}`)
        },
      })
      expect(await runOrganizationDeletions(withData([tasks]))).toMatchObject({ deleted: 0, failed: 1 })
      expect(await findText(test, word)).toEqual(tables)
      expect(await failures(acme)).toEqual([{ metadata: { reason: 'Task.onDelete' } }])
      expect(JSON.stringify(test.logged)).not.toContain(word)
    })

    describe('where nobody else is in it', () => {
      it('go along with the account of its only member', async () => {
        const [word, other] = [createWord(), createWord()]
        await fill(acme, word)
        await fill(rival, other)
        await addOwner(test, rival)
        await makeDue(test, owner, -1)
        expect(await runUserDeletions(withData(both()))).toMatchObject({ deleted: 1, failed: 0 })
        expect(await findText(test, word)).toEqual([])
        expect(await findText(test, other)).toEqual(tables)
      })

      it('are in the export of its only member’s account, and what is left out is named', async () => {
        await fill(acme, 'of their own')
        await fill(rival, 'CANARY of a customer')
        await addOwner(test, rival)
        const runtime = withData(both())
        const { text, host: exported, omitted } = await readExport(runtime, owner)
        expect(exported['Project.organization']).toEqual([{ name: 'of their own' }])
        expect(omitted).toEqual([{ table: 'Task', reason: 'parts of projects' }])
        expect(text).not.toContain('CANARY')
        const stranger = await createTestUser(test, { hashedPassword: null })
        expect((await readExport(runtime, stranger)).host['Project.organization']).toEqual([])
      })
    })

    it('are seen by what the app does with an account that is deleted, wherever they are', async () => {
      await fill(acme, 'ours')
      await fill(rival, 'theirs')
      const seen: string[] = []
      const data = defineAccountData({
        version: 1,
        tables: [{ entity: host.Task, owner: 'assignee', export: () => ({}), onDelete: 'delete' }],
        async inTransaction(em) {
          seen.push(...(await em.find(host.Task, {}, { filters: ofHidden })).map(({ title }) => title))
        },
      })
      const leaver = await createTestUser(test, { hashedPassword: null })
      await test.rows(sql`update tasks set assignee_id = ${leaver.id} where title = 'theirs'`)
      await makeDue(test, leaver, -1)
      expect(await runUserDeletions(withData(both(), data))).toMatchObject({ deleted: 1, failed: 0 })
      expect(seen.toSorted()).toEqual(['ours', 'theirs'])
      const left = await acrossOrganizations(host.orm, 'what is left').find(
        host.Task,
        {},
        { filters: ofHidden },
      )
      expect(left.map(({ title }) => title)).toEqual(['ours'])
    })

    it('are missed where the app says nothing of them, also without the filter; what a foreign key decides is not', () => {
      const of = (data: readonly OrganizationTable[]) =>
        listUndeclared(withData(data))
          .filter((name) => !name.startsWith('User.'))
          .toSorted()
      const others = ['Draft.organization', 'Task.assignee', 'Visit.host']
      expect(of([])).toEqual([...others, 'Project.organization', 'Task.organization'].toSorted())
      expect(of(both())).toEqual(others)
    })

    it('are those of an entity that belongs to organizations, named once, or the app does not start', () => {
      const omitted = { export: { omitted: 'not asked here' }, onDelete: 'delete' } as const
      const [projects] = both()
      expect(() => withData(projects ? [projects, projects] : [])).toThrow('Project stands there twice')
      expect(() => withData([organizationTable(host.Draft, omitted)])).toThrow(
        'Draft belongs to no organization',
      )
      expect(() => withData([organizationTable(Stray, omitted)])).toThrow('Stray is not among the entities')
      // @ts-expect-error it has no organization
      expect(() => withData([organizationTable(host.Visit, omitted)])).toThrow(
        'Visit belongs to no organization',
      )
    })
  },
)

/** Of a task's project. */
const ofHidden = { shown: false }

const noTables = defineAccountData({ version: 1, tables: [] })

class Stray {
  organization = {}
}

type Host = Awaited<ReturnType<typeof createHost>>

/** The entities of an app, beside those of the library. */
async function createHost(test: TestRuntime, idType: 'uuid' | 'bigint') {
  const { User, Organization } = test.entities
  const key = () => ({ id: idType === 'uuid' ? uuidKey() : bigintKey() })
  const organization = () => p.manyToOne(Organization)

  const ProjectSchema = defineEntity({
    name: 'Project',
    tableName: 'projects',
    properties: { ...key(), organization, name: p.string(), isHidden: p.boolean().default(false) },
    filters: {
      ...organizationFilter,
      shown: { name: 'shown', default: true, cond: { isHidden: false } },
    },
  })
  class Project extends ProjectSchema.class {}
  ProjectSchema.setClass(Project)

  const TaskSchema = defineEntity({
    name: 'Task',
    tableName: 'tasks',
    properties: {
      ...key(),
      organization,
      project: () => p.manyToOne(Project),
      assignee: () => p.manyToOne(User).nullable(),
      title: p.string(),
    },
    filters: organizationFilter,
  })
  class Task extends TaskSchema.class {}
  TaskSchema.setClass(Task)

  /** Has the relation and forgot the filter. */
  const DraftSchema = defineEntity({
    name: 'Draft',
    tableName: 'drafts',
    properties: { ...key(), organization },
  })
  class Draft extends DraftSchema.class {}
  DraftSchema.setClass(Draft)

  /** Belongs to nobody, and leads to organizations in two other ways. */
  const VisitSchema = defineEntity({
    name: 'Visit',
    tableName: 'visits',
    properties: {
      ...key(),
      host: () => p.manyToOne(Organization),
      guest: () => p.manyToOne(Organization).nullable().deleteRule('set null'),
    },
  })
  class Visit extends VisitSchema.class {}
  VisitSchema.setClass(Visit)

  const own: EntityClass<AnyEntity>[] = [Project, Task, Draft, Visit]
  const entities: EntityClass<AnyEntity>[] = [...Object.values(test.entities), ...own]
  const orm = await MikroORM.init({ entities, clientUrl: test.url, ensureDatabase: false })
  const names = own.map(({ name }) => orm.getMetadata().getByClassName(name).tableName)
  const script = await orm.schema.getCreateSchemaSQL()
  for (const statement of script
    .split(';\n')
    .filter((each) => names.some((name) => each.includes(`table "${name}"`))))
    await orm.em.getConnection().execute(statement)
  return { orm, Project, Task, Draft, Visit }
}

async function addOwner(test: TestRuntime, organization: TestOrganization): Promise<void> {
  const { id } = await createTestUser(test, { hashedPassword: null })
  await joinTestOrganization(test, organization, id, 'owner')
}

async function readExport(runtime: Runtime, { id }: TestUser) {
  let text = ''
  for await (const piece of writeExport(runtime, id, new Date().toISOString())) text += piece
  return { text, ...JSON.parse(text) }
}
