import { createSessionDatabase } from './session-database.ts'
import { hashSessionToken } from '@sigra/core'
import { resolveSession } from '@sigra/mikro-orm'
import { compare } from './compare.ts'
import { formatTable } from './report.ts'
const d = await createSessionDatabase(20000)
const native: any = await d.runtime.orm.em.getConnection().getNativeClient()
let captured: any
const orig = native.query.bind(native)
native.query = (q: any, ...r: any[]) => { captured = q; return orig(q, ...r) }
await resolveSession(d.runtime, d.tokens[0]!)
native.query = orig
const FLOOR = { name: 'f', text: `select s.id, u.id as user_id, u.email, u.confirmed_at, s.awaiting, s.aal, s.amr, s.remembered, s.authenticated_at, s.sudo_at, s.expires_at from user_sessions s join users u on u.id = s.user_id where s.token_hash = $1 and s.expires_at > now() and u.disabled_at is null` }
const lean = captured.text.replace('($3 *', '(2592000 *').replace('($4 *', '(86400 *').replace('($5 *', '(300 *')
const leaner = lean.replace(/\(extract\(epoch from ([\w.]+)\) \* 1000\)::float8/g, '$1')
let k = 0; const next = () => d.tokens[(k += 7919) % 20000]!
const read = (r: any) => { const row = r.rows[0]; return { id: row.id, userId: row.userId, user: { id: row.userId, email: row.email, confirmedAt: row.confirmedAt }, awaiting: row.awaiting, aal: row.aal, amr: row.amr, authenticatedAt: new Date(row.authenticatedAt), sudoAt: row.sudoAt, remembered: row.remembered, expiresAt: new Date(row.expiresAt) } }
const floor = { name: 'floor', run: () => d.pool.query({ ...FLOOR, values: [hashSessionToken(next())] }) }
const subs = {
  flow: () => resolveSession(d.runtime, next()),
  full5: () => native.query({ name: 'p5', text: captured.text, values: [0, hashSessionToken(next()), 2592000, 86400, 300] }),
  lean2: () => native.query({ name: 'lean', text: lean, values: [0, hashSessionToken(next())] }),
  lean2read: async () => read(await native.query({ name: 'lean', text: lean, values: [0, hashSessionToken(next())] })),
  leaner2: () => native.query({ name: 'leaner', text: leaner, values: [0, hashSessionToken(next())] }),
  floorAgain: () => native.query({ ...FLOOR, name: 'g', values: [hashSessionToken(next())] }),
}
const out = []
for (const inFlight of [1, 16]) for (const [name, run] of Object.entries(subs)) out.push(await compare({ name, bar: 0.6, floor, subject: { name, run }, calls: inFlight === 1 ? 100 : 320, inFlight, rounds: 61 }))
console.log(formatTable(out))
await d.close()
