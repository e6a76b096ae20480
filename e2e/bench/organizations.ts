import { defineEntity, p } from '@mikro-orm/postgresql'
import type { SessionToken } from '@sigra/core'
import { forOrganization, readSessionOrganization, resolveSession, type Runtime } from '@sigra/mikro-orm'
import { organizationFilter, uuidKey } from '@sigra/remix/schema'
import { Organization } from '../../generators/template/app/organizations/entities/organization.ts'
import { compare, type Outcome, rateOf } from './compare.ts'
import {
  type BenchServer,
  insertPeople,
  insertSessions,
  insertTeams,
  startBenchServer,
} from './session-database.ts'

const PEOPLE = 20_000
const PROJECTS_PER_TEAM = 20

const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: { id: uuidKey(), organization: () => p.manyToOne(Organization), name: p.string() },
  indexes: [{ properties: ['organization', 'id'] }],
  filters: organizationFilter,
})
class Project extends ProjectSchema.class {}
ProjectSchema.setClass(Project)

/** What organizations cost: in the statement of every request, and in what a scope adds to a query. */
export async function benchOrganizations(): Promise<Outcome[]> {
  const server = await startBenchServer()
  try {
    return [await benchSessions(server), await benchRows(server)]
  } finally {
    await server.close()
  }
}

async function benchSessions(server: BenchServer): Promise<Outcome> {
  const [without, having] = [
    await prepare(server, { hasOrganizations: false }),
    await prepare(server, { hasOrganizations: true }),
  ]
  const load = { inFlight: 16, calls: 320 }
  return compare({
    name: 'session resolve with organizations, 16 in flight',
    unit: '/s',
    bar: { atLeast: 0.65 },
    floor: { name: 'without organizations', measure: rateOf(without.find, load) },
    subject: { name: 'with organization and role', measure: rateOf(having.find, load) },
    rounds: 101,
  })
}

async function prepare(server: BenchServer, { hasOrganizations }: { hasOrganizations: boolean }) {
  const { runtime, pool } = await server.createDatabase({ hasOrganizations })
  await insertPeople(pool, PEOPLE)
  const tokens = await insertSessions(pool, PEOPLE)
  if (hasOrganizations) await insertTeams(pool)
  const next = everyOther(tokens)
  return { find: () => findSession(runtime, next(), hasOrganizations) }
}

async function findSession(runtime: Runtime, token: SessionToken, isMember: boolean): Promise<void> {
  const session = await resolveSession(runtime, token)
  if (!session || (readSessionOrganization(session) !== null) !== isMember)
    throw new RangeError('a session was not found, or not in its organization')
}

async function benchRows(server: BenchServer): Promise<Outcome> {
  const { orm, pool } = await server.createDatabase({ entities: [Project] })
  await insertPeople(pool, PEOPLE)
  const teams = await insertTeams(pool)
  await pool.query(
    `insert into projects (id, organization_id, name)
     select gen_random_uuid(), o.id, 'Project ' || n from organizations o, generate_series(1, $1) n`,
    [PROJECTS_PER_TEAM],
  )
  await pool.query('vacuum analyze projects')
  const next = everyOther(teams)
  const load = { inFlight: 16, calls: 320 }
  const check = (found: readonly Project[]) => {
    if (found.length !== PROJECTS_PER_TEAM) throw new RangeError('an organization has other rows')
  }
  return compare({
    name: `forOrganization().find of ${PROJECTS_PER_TEAM} rows, 16 in flight`,
    unit: '/s',
    bar: { atLeast: 0.9 },
    floor: {
      name: 'em.find by organization',
      measure: rateOf(
        async () => check(await orm.em.fork().find(Project, { organization: next() }, { filters: false })),
        load,
      ),
    },
    subject: {
      name: 'forOrganization(scope).find',
      measure: rateOf(
        async () => check(await forOrganization(orm, { organization: { id: next() } }).find(Project, {})),
        load,
      ),
    },
    rounds: 101,
  })
}

/** Another one each time, far apart: what is asked for is not what was asked for a moment ago. */
function everyOther<Each>(all: readonly Each[]): () => Each {
  let asked = 0
  return () => {
    asked += 7919
    const found = all[asked % all.length]
    if (found === undefined) throw new RangeError('there is nothing to ask for')
    return found
  }
}
