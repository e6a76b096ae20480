import type { SessionToken } from '@sigra/core'
import { createSigra } from '@sigra/remix'
import { passkeysArea } from '@sigra/remix/passkeys'
import { entities } from '../../generators/template/app/accounts/entities/index.ts'
import { passkeyEntities } from '../../generators/template/app/passkeys/entities/index.ts'
import { copyPeerApp, insertPeerSessions, openPeer } from './better-auth.ts'
import { compare, type Outcome, rateOf } from './compare.ts'
import { insertPeople, insertSessions, startBenchServer } from './session-database.ts'

const PEOPLE = 20_000
const origin = 'http://localhost:3000'

/** From the headers of a request to who is signed in, beside Better Auth in the same process on the same PostgreSQL. */
export async function benchPeerSession(): Promise<Outcome[]> {
  const server = await startBenchServer()
  const app = await copyPeerApp()
  const { runtime, pool, url, secrets } = await server.createDatabase()
  const peer = await openPeer(app, url, 16)
  const sigra = createSigra({
    orm: runtime.orm,
    entities,
    areas: [passkeysArea({ entities: passkeyEntities })],
    origin,
    secrets,
    appName: 'Bench',
    production: false,
    edge: { trustedProxies: 0 },
  })
  try {
    await insertPeople(pool, PEOPLE)
    const tokens = await insertSessions(pool, PEOPLE)
    const cookies = await insertPeerSessions(peer.pool, PEOPLE)
    const name = sigra.edge.settings.cookies.names.session
    const ours = {
      all: tokens,
      ask: (token: SessionToken) => new Request(origin, { headers: { cookie: `${name}=${token}` } }),
      find: (request: Request): Promise<unknown> => sigra.getUser({ request }),
    }
    const theirs = {
      all: cookies,
      ask: (cookie: string) => new Headers({ cookie }),
      find: (headers: Headers): Promise<unknown> => peer.auth.api.getSession({ headers }),
    }

    return await compareSides(ours, theirs)
  } finally {
    await sigra.edge.runtime.close()
    await peer.pool.end()
    await peer.close()
    await server.close()
    await app.remove()
  }
}

interface Side<T, Asked> {
  all: readonly T[]
  /** What a server has in hand when it asks; made before the time runs. */
  ask: (one: T) => Asked
  find: (asked: Asked) => Promise<unknown>
}

async function compareSides<Ours, Theirs>(
  ours: Side<SessionToken, Ours>,
  theirs: Side<string, Theirs>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const load of [
    { inFlight: 1, calls: 50 },
    { inFlight: 16, calls: 160 },
  ]) {
    outcomes.push(
      await compare({
        name: `beside a peer: session from cookie, ${load.inFlight} in flight`,
        unit: '/s',
        bar: { atLeast: 4 },
        floor: { name: 'Better Auth `getSession`', measure: rateOfFinding(theirs, load) },
        subject: { name: '`getUser`', measure: rateOfFinding(ours, load) },
        rounds: 51,
      }),
    )
  }
  return outcomes
}

/** Another session each time, far apart. */
function rateOfFinding<T, Asked>(
  { all, ask, find }: Side<T, Asked>,
  load: { inFlight: number; calls: number },
): () => Promise<number> {
  let asked = 0
  return () => {
    const questions = Array.from({ length: load.calls }, () => {
      asked += 7919
      return all.slice(asked % all.length, (asked % all.length) + 1).map(ask)
    }).flat()
    return rateOf(async () => {
      const question = questions.pop()
      if (question === undefined || !(await find(question))) throw new RangeError('a session was not found')
    }, load)()
  }
}
