import { setTimeout as wait } from 'node:timers/promises'
import type { SessionToken } from '@sigra/core'
import { resolveSession, type Runtime, sweepExpired } from '@sigra/mikro-orm'
import { migrateQueue } from '@sigra/worker'
import type { Pool } from 'pg'
import { compare, judge, type Outcome, timeOf } from './compare.ts'
import { insertOtherSessions, insertPeople, insertSessions, startBenchServer } from './session-database.ts'

const PEOPLE = 5_000
const MANY = 5_000_000
const EXPIRED = 200_000
const LOOKUPS = 200
const LOCK_MILLISECONDS = 50

/** A table of five million sessions: how a lookup grows, and how long the sweep of the expired ones holds its locks. */
export async function benchSessionGrowth(): Promise<Outcome[]> {
  const server = await startBenchServer()
  try {
    const [few, many] = [await server.createDatabase(), await server.createDatabase()]
    const tokens = new Map<Runtime, readonly SessionToken[]>()
    for (const { pool, runtime } of [few, many]) {
      await insertPeople(pool, PEOPLE)
      tokens.set(runtime, await insertSessions(pool, PEOPLE))
    }
    await insertOtherSessions(many.pool, MANY, '7 days')
    await migrateQueue(many.url) // jobs are swept as well
    const lookUp = ({ runtime }: { runtime: Runtime }) =>
      timeOf(() => resolveAll(runtime, tokens.get(runtime) ?? []))
    const lookups = await compare({
      name: `${LOOKUPS} lookups among 5 000 000 sessions`,
      unit: 'ms',
      bar: { atMost: 1.3 },
      floor: { name: 'among 5 000', measure: lookUp(few) },
      subject: { name: 'among 5 000 000', measure: lookUp(many) },
      rounds: 51,
    })
    await insertOtherSessions(many.pool, EXPIRED, '-1 day')
    return [lookups, await judgeSweep(many.pool, many.runtime)]
  } finally {
    await server.close()
  }
}

async function resolveAll(runtime: Runtime, tokens: readonly SessionToken[]): Promise<void> {
  for (let asked = 0; asked < LOOKUPS; asked += 1) {
    const token = tokens[Math.floor(Math.random() * tokens.length)]
    if (!token || !(await resolveSession(runtime, token))) throw new RangeError('a session was not found')
  }
}

/** The longest a batch's transaction was seen open: as long as that it holds its locks. */
async function judgeSweep(pool: Pool, runtime: Runtime): Promise<Outcome> {
  let longest = 0
  const sweeping = new AbortController()
  const watch = async (): Promise<void> => {
    while (!sweeping.signal.aborted) {
      const { rows } = await pool.query<{ open: number | null }>(
        `select max(extract(epoch from clock_timestamp() - xact_start)) * 1000 as open
         from pg_stat_activity where state = 'active' and query ilike '%delete from%user_sessions%'
           and pid <> pg_backend_pid()`,
      )
      longest = Math.max(longest, Number(rows[0]?.open ?? 0))
      await wait(1)
    }
  }
  const watching = watch()
  const { sessions = 0 } = await sweepExpired(runtime).finally(() => sweeping.abort())
  await watching
  if (sessions < EXPIRED) throw new RangeError(`the sweep removed ${sessions} of ${EXPIRED} sessions`)
  return judge(
    {
      name: `sweep of ${EXPIRED} expired sessions among them`,
      unit: 'ms',
      bar: { atMost: 1 },
      floor: { name: 'the longest lock allowed' },
      subject: { name: 'longest batch seen' },
    },
    { floor: LOCK_MILLISECONDS, subject: longest },
  )
}
