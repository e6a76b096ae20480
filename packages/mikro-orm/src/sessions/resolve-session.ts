import {
  encodeBase64Url,
  hashSessionToken,
  type SessionToken,
  type SessionTokenHash,
  sha256,
} from '@sigra/core'
import type { SessionFacts, SessionPart, SessionReading } from '../areas/session-part.ts'
import { lacksRequiredConsent } from '../consent/missing-consent.ts'
import { explainDatabaseError } from '../database/database-unavailable.ts'
import { compile, identifier, join as joinSql, milliseconds, type Sql, sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'
import type { UserId } from '../user-id.ts'
import { isAlive, mayHaveSession, mayWrite } from './living-session.ts'
import type { Awaiting } from './sign-in-steps.ts'
import type { ResolvedSession, SudoMethod } from './session.ts'

interface SessionRow {
  id: string
  userId: UserId
  email: string
  confirmedAt: number | null
  awaiting: Awaiting | null
  aal: 1 | 2
  amr: string[]
  authenticatedAt: number
  sudoAt: number | null
  hasSudo: boolean
  sudoMethod: SudoMethod | null
  remembered: boolean
  expiresAt: number
  mayWrite: boolean
  /** Left out where no document is required. */
  mustConsent?: boolean
  [hostColumn: string]: unknown
}

/** What stands for the two values that differ from call to call. */
const CLOCK_OFFSET = Symbol('clock offset')
const TOKEN_HASH = Symbol('token hash')

/** The clock of the statement. */
const now = sql`(now() + ${CLOCK_OFFSET} * interval '1 millisecond')`

interface Statement {
  /** `undefined` where a pooler would lose prepared statements. */
  name: string | undefined
  text: string
  values: readonly unknown[]
  /** The columns of each area, by its name. */
  areas: readonly (readonly [area: string, columns: readonly string[]])[]
}

// Writing the text anew for every request costs as much as PostgreSQL takes to answer it.
const statements = new WeakMap<Runtime, Map<string, Statement>>()

/**
 * Looks a session up by its token: one statement, prepared once per connection. Expiry, idling and the user's state
 * are in that statement; nothing is decided after it. What areas say beside is in it, too: about what the path names, or
 * what goes without one.
 *
 * @param path Of the request, as a router matches it; `null` for one that cannot be read. @default of no request
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function resolveSession(
  runtime: Runtime,
  token: SessionToken,
  path?: string | null,
): Promise<ResolvedSession | null> {
  return traceFlow('session.resolve', null, async () => {
    const places = placesIn(runtime, path)
    const { name, text, values, areas } = statementOf(runtime, places)
    const tokenHash = hashSessionToken(token)
    const perCall = new Map<unknown, unknown>([
      [CLOCK_OFFSET, runtime.clockOffset()],
      [TOKEN_HASH, tokenHash],
      ...places.values(),
    ])
    const query = { text, values: values.map((value) => (perCall.has(value) ? perCall.get(value) : value)) }
    try {
      // The driver's own pool: MikroORM cannot name a statement, and a named one is about three times as fast.
      const pool = await runtime.orm.em.getConnection().getNativeClient()
      const { rows } = await pool.query<SessionRow>(name === undefined ? query : { ...query, name })
      return rows[0] ? readRow(runtime, rows[0], tokenHash, areas) : null
    } catch (error) {
      throw explainDatabaseError(error)
    }
  })
}

/**
 * The update goes through `s`: an idle-expired row would be revived by being asked for by its token alone. That a token
 * was presented is noted for that token and no other: a repeated sign-in may just have put another in its place.
 */
function sessionQuery(runtime: Runtime, readings: readonly AreaReading[]): Sql {
  const { touchMinutes } = runtime.policy.session
  const { user, userSession } = runtime.tables
  const seconds = (count: number) => sql`(${count} * interval '1 second')`
  const isStale = sql`(x.awaiting is null and x.last_seen_at < ${now} - ${seconds(touchMinutes * 60)})`
  return sql`
    with s as (
      select s.id as key, s.id::text as "id", u.id::text as "userId", u.email,
        ${milliseconds(sql`u.confirmed_at`)} as "confirmedAt", s.awaiting, s.aal, s.amr, s.remembered,
        ${milliseconds(sql`s.authenticated_at`)} as "authenticatedAt",
        ${milliseconds(sql`s.sudo_at`)} as "sudoAt", ${milliseconds(sql`s.expires_at`)} as "expiresAt",
        coalesce(s.sudo_at > ${now} - ${seconds(runtime.policy.sudo.minutes * 60)}, false) as "hasSudo",
        s.sudo_method as "sudoMethod",
        ${mayWrite(now)} as "mayWrite"
        ${consentColumn(runtime)} ${hostColumns(runtime)} ${joinSql(readings.map(factColumns), sql``)}
      from ${userSession.name} s join ${user.name} u on u.id = s.user_id
      ${joinSql(
        readings.map(({ joins }) => joins),
        sql` `,
      )}
      where s.token_hash = ${TOKEN_HASH} and ${isAlive(runtime, now)} and ${mayHaveSession(now)}
    ), touched as (
      update ${userSession.name} x set presented_at = coalesce(x.presented_at, ${now}),
        last_seen_at = case when ${isStale} then ${now} else x.last_seen_at end
      from s where x.id = s.key and x.token_hash = ${TOKEN_HASH} and (x.presented_at is null or ${isStale})
    )
    select * from s`
}

/** Of a live session alone: a sign-in that waits comes by the door. */
function consentColumn(runtime: Runtime): Sql {
  const lacks = lacksRequiredConsent(runtime, sql`u.id`)
  return lacks === null ? sql`` : sql`, (s.awaiting is null and ${lacks}) as "mustConsent"`
}

/** Prefixed, so that a host's column named like one of ours cannot take its place. */
function hostColumns(runtime: Runtime): Sql {
  return joinSql(
    runtime.sessionUser.map(
      ({ property, column }) => sql`, u.${identifier(column)} as ${identifier(`host.${property}`)}`,
    ),
    sql``,
  )
}

/** What the path names, by area: what stands for it in the text, and it. */
type Places = ReadonlyMap<string, readonly [mark: symbol, place: string]>

/** One mark for each area, so that the text of its statement is written once. */
const marks = new WeakMap<SessionPart, symbol>()

function placesIn({ areas }: Runtime, path: string | null | undefined): Places {
  const places = new Map<string, readonly [symbol, string]>()
  if (path === undefined) return places
  for (const { declaration, session } of areas) {
    const place = session?.placeIn?.(path) ?? null
    if (session === undefined || place === null) continue
    const mark = marks.get(session) ?? Symbol(declaration.name)
    marks.set(session, mark)
    places.set(declaration.name, [mark, place])
  }
  return places
}

function placeOf(places: Places, area: string): Sql | null {
  const [mark] = places.get(area) ?? []
  return mark === undefined ? null : sql`${mark}`
}

/** What an area has the statement say, with its name. */
interface AreaReading extends SessionReading {
  name: string
}

function readingsOf({ areas }: Runtime, places: Places): AreaReading[] {
  return areas.flatMap(({ declaration: { name }, session }) =>
    session ? [{ name, ...session.read(placeOf(places, name), now) }] : [],
  )
}

/** Prefixed by the area. */
function factColumns({ name, columns }: AreaReading): Sql {
  const all = Object.entries(columns).map(
    ([column, value]) => sql`, ${value} as ${identifier(`area.${name}.${column}`)}`,
  )
  return joinSql(all, sql``)
}

function readFacts(areas: Statement['areas'], row: SessionRow): SessionFacts {
  const factsOf = (area: string, columns: readonly string[]) =>
    Object.fromEntries(columns.map((column) => [column, row[`area.${area}.${column}`]]))
  return Object.fromEntries(areas.map(([area, columns]) => [area, factsOf(area, columns)]))
}

/** Named after its text: a statement of another text under the same name is an error of the driver's. */
function statementOf(runtime: Runtime, places: Places): Statement {
  const texts = statements.get(runtime) ?? new Map<string, Statement>()
  statements.set(runtime, texts)
  const variant = [...places.keys()].join(' ')
  const known = texts.get(variant)
  if (known !== undefined) return known
  const readings = readingsOf(runtime, places)
  const { text, values } = compile(sessionQuery(runtime, readings))
  const name = `sigra_session_${encodeBase64Url(sha256(text)).slice(0, 16)}`
  const areas = readings.map((each) => [each.name, Object.keys(each.columns)] as const)
  const statement = { name: runtime.preparedStatements ? name : undefined, text, values, areas }
  texts.set(variant, statement)
  return statement
}

function readRow(
  runtime: Runtime,
  row: SessionRow,
  tokenHash: SessionTokenHash,
  areas: Statement['areas'],
): ResolvedSession {
  const { userId } = row
  const host = runtime.sessionUser.map(({ property, read }) => [property, read(row[`host.${property}`])])
  return {
    id: row.id,
    tokenHash,
    userId,
    user: { ...Object.fromEntries(host), id: userId, email: row.email, confirmedAt: toDate(row.confirmedAt) },
    awaiting: row.awaiting,
    aal: row.aal,
    amr: row.amr,
    authenticatedAt: new Date(row.authenticatedAt),
    sudoAt: toDate(row.sudoAt),
    hasSudo: row.hasSudo,
    sudoMethod: row.sudoMethod,
    remembered: row.remembered,
    expiresAt: new Date(row.expiresAt),
    mayWrite: row.mayWrite,
    mustConsent: row.mustConsent ?? false,
    areas: readFacts(areas, row),
  }
}

function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds)
}
