import { hashSessionToken, type SessionToken } from '@sigra/core'
import { resolveSession } from '@sigra/mikro-orm'
import type { Pool } from 'pg'
import { compare, type Outcome, rateOf } from './compare.ts'
import { insertPeople, insertSessions, startBenchServer } from './session-database.ts'

const PEOPLE = 20_000

// The same join and the same columns as text in the driver's own way: no clock, no idling, no touch.
const FLOOR = {
  name: 'bench_session',
  text: `select s.id, u.id as user_id, u.email, u.confirmed_at, s.awaiting, s.aal, s.amr, s.remembered,
           s.authenticated_at, s.sudo_at, s.expires_at
         from user_sessions s join users u on u.id = s.user_id
         where s.token_hash = $1 and s.expires_at > now() and u.disabled_at is null`,
}

/** From a cookie's token to its session and user, beside one named prepared statement of the bare driver. */
export async function benchSessionResolve(): Promise<Outcome[]> {
  const server = await startBenchServer()
  const { runtime, pool } = await server.createDatabase()
  await insertPeople(pool, PEOPLE)
  const tokens = await insertSessions(pool, PEOPLE)
  let asked = 0
  try {
    const outcomes: Outcome[] = []
    for (const load of [
      { inFlight: 1, calls: 100 },
      { inFlight: 16, calls: 320 },
    ]) {
      outcomes.push(
        await compare({
          name: `session resolve, ${load.inFlight} in flight`,
          unit: '/s',
          bar: { atLeast: 0.6 },
          floor: {
            name: 'prepared statement',
            measure: rateOf(() => findByStatement(pool, next()), load),
          },
          subject: { name: 'resolveSession', measure: rateOf(() => findByFlow(next()), load) },
          rounds: 101,
        }),
      )
    }
    return outcomes
  } finally {
    await server.close()
  }

  /** Another one each time, far apart: what is asked for is not what was asked for a moment ago. */
  function next(): SessionToken {
    asked += 7919
    const token = tokens[asked % tokens.length]
    if (token === undefined) throw new RangeError('there are no sessions')
    return token
  }

  async function findByFlow(token: SessionToken): Promise<void> {
    if (!(await resolveSession(runtime, token))) throw new RangeError('a session was not found')
  }
}

async function findByStatement(pool: Pool, token: SessionToken): Promise<void> {
  const { rows } = await pool.query({ ...FLOOR, values: [hashSessionToken(token)] })
  if (rows.length !== 1) throw new RangeError('a session was not found')
}
