import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { exportUserData, type Caller, resolveSession, type Runtime } from '@sigra/mikro-orm'
import { migrateQueue } from '@sigra/worker'
import { judge, type Outcome } from './compare.ts'
import { type BenchDatabase, insertPeople, insertSessions, startBenchServer } from './session-database.ts'

const FEW = 1_000
const MANY = 1_000_000
const PIECES_BETWEEN = 20

/** What exports of two sizes hold in memory at most, and how fast the larger is read. */
export async function benchExportMemory(): Promise<Outcome[]> {
  const server = await startBenchServer()
  try {
    const [few, many] = [await server.createDatabase(), await server.createDatabase()]
    for (const [database, rows] of [
      [few, FEW],
      [many, MANY],
    ] as const) {
      await migrateQueue(database.url) // the owner is told by email
      await insertPeople(database.pool, 1)
      await insertActivity(database, rows)
    }
    await readExport(few) // warms up
    const [small, large] = [await readExport(few), await readExport(many)]
    if (large.rows < MANY) throw new RangeError(`the export had ${large.rows} of ${MANY} rows`)
    const name = `export of ${MANY} rows`
    return [
      judge(
        {
          name: `${name}: heap at most`,
          unit: 'MB',
          bar: { atMost: 1.2 },
          floor: { name: `of ${FEW}` },
          subject: { name: `${(large.rows / large.seconds).toFixed(0)} rows/s` },
        },
        { floor: small.heap, subject: large.heap },
      ),
      judge(
        {
          name: `${name}: largest piece`,
          unit: 'kB',
          bar: { atMost: 1.1 },
          floor: { name: `of ${FEW}` },
          subject: { name: 'one batch' },
        },
        { floor: small.piece, subject: large.piece },
      ),
    ]
  } finally {
    await server.close()
  }
}

async function insertActivity({ pool }: BenchDatabase, rows: number): Promise<void> {
  await pool.query(
    `insert into audit_events (id, occurred_at, action, outcome, subject_id, ip, user_agent)
     select gen_random_uuid(), now() - interval '1 day' + n * interval '1 microsecond', 'auth.log_in', 'success', u.id::text,
       '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
     from users u, generate_series(1, $1) n`,
    [rows],
  )
  await pool.query('vacuum analyze audit_events')
}

/** Reads an export to its end, as fast as it comes; what is left in memory is looked at now and then. */
async function readExport(
  database: BenchDatabase,
): Promise<{ heap: number; piece: number; rows: number; seconds: number }> {
  const { pool, runtime } = database
  const [token] = await insertSessions(pool, 1)
  if (token === undefined) throw new RangeError('nobody is signed in')
  await pool.query(`update user_sessions set sudo_at = now(), sudo_method = 'password'`)
  const session = await resolveSession(runtime, token)
  const result = await exportUserData(long(runtime), { ...visitor, sessionToken: token, session })
  if (!result.ok) throw new RangeError(result.reason)
  const [begin, most] = [performance.now(), { heap: 0, piece: 0, rows: 0 }]
  for (let count = 0; ; count += 1) {
    const piece = await result.pieces.next()
    if (piece === null) break
    most.piece = Math.max(most.piece, piece.length / 1000)
    most.rows += piece.split('"auth.log_in"').length - 1
    if (count % PIECES_BETWEEN === 0) most.heap = Math.max(most.heap, heapInUse())
  }
  return { ...most, seconds: (performance.now() - begin) / 1000 }
}

/** A busy machine is no reason to cut it off. */
function long(runtime: Runtime): Runtime {
  const { policy } = runtime
  return { ...runtime, policy: { ...policy, export: { ...policy.export, minutes: 60 } } }
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapInUse(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 1_000_000
}

const visitor: Omit<Caller, 'sessionToken' | 'session'> = {
  clientAddress: '192.0.2.1',
  userAgent: 'bench',
  requestId: 'bench',
  browserToken: null,
  principal: null,
  trustTokens: [],
  effects: {
    setSession: () => undefined,
    clearSession: () => undefined,
    setBrowser: () => undefined,
    setTrusted: () => undefined,
  },
}
