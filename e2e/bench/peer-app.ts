import autocannon from 'autocannon'
import { Pool } from 'pg'
import { freshEmail, password } from '../support/account.ts'
import { Client } from '../support/http.ts'
import { startPlayground } from '../support/playground.ts'
import { freshAddress } from '../support/test.ts'
import { copyPeerApp, type PeerServer, startPeerServer } from './better-auth.ts'
import { type Comparison, compare, type Outcome, rateOf } from './compare.ts'
import { insertPeople } from './session-database.ts'
import { hashBenchPassword, signIn } from './sign-in.ts'

const PEOPLE = 400
const PAGE_SECONDS = 3
const HASHES = { inFlight: 2, calls: 24 }

/** The whole way over HTTP, beside the same page guarded by Better Auth: production builds, one PostgreSQL, all defaults. */
export async function benchPeerApp(): Promise<Outcome[]> {
  const app = await copyPeerApp()
  const playground = await startPlayground()
  const pool = new Pool({ connectionString: playground.databaseUrl })
  process.env['E2E_ORIGIN'] = playground.origin
  let peer: PeerServer | undefined
  try {
    peer = await startPeerServer(app, playground.databaseUrl)
    await insertPeople(pool, PEOPLE, await hashBenchPassword())
    const { emails, cookie } = await signUpAtPeer(peer.origin, 20)
    return [
      await comparePages(playground.origin, peer.origin, cookie),
      await compareSignIns(peer.origin, emails),
      await compareRegistrations(peer.origin),
    ]
  } finally {
    await peer?.stop()
    await pool.end()
    await playground.stop()
    await app.remove()
  }
}

/** @returns their addresses, and the cookie of one of them */
async function signUpAtPeer(origin: string, people: number): Promise<{ emails: string[]; cookie: string }> {
  const emails: string[] = []
  let cookie = ''
  for (let person = 0; person < people; person += 1) {
    const email = freshEmail()
    cookie = await askPeer(origin, 'sign-up', email)
    emails.push(email)
  }
  return { emails, cookie }
}

async function comparePages(ours: string, theirs: string, cookie: string): Promise<Outcome> {
  const { client } = await signIn(1)
  return compare({
    ...beside('protected page, whole request', 1.4, 9),
    floor: { name: 'Better Auth', measure: pageRate(theirs, cookie) },
    subject: { name: 'ours', measure: pageRate(ours, client.cookieHeader) },
  })
}

async function compareSignIns(origin: string, emails: readonly string[]): Promise<Outcome> {
  let ours = 0
  let theirs = 0
  return compare({
    ...beside('sign-in', 1, 7),
    floor: {
      name: 'Better Auth (scrypt)',
      measure: rateOf(() => askPeer(origin, 'sign-in', emails[theirs++ % emails.length] ?? ''), HASHES),
    },
    subject: {
      name: 'ours (argon2id)',
      measure: rateOf(() => signInOurs((ours++ % PEOPLE) + 1), HASHES),
    },
  })
}

async function compareRegistrations(origin: string): Promise<Outcome> {
  return compare({
    ...beside('registration', 1, 7),
    floor: {
      name: 'Better Auth (scrypt, no mail)',
      measure: rateOf(() => askPeer(origin, 'sign-up', freshEmail()), HASHES),
    },
    subject: { name: 'ours (argon2id, a mail)', measure: rateOf(registerOurs, HASHES) },
  })
}

function beside(
  what: string,
  atLeast: number,
  rounds: number,
): Pick<Comparison, 'name' | 'unit' | 'bar' | 'rounds'> {
  return { name: `beside a peer: ${what}`, unit: '/s', bar: { atLeast }, rounds }
}

function pageRate(origin: string, cookie: string): () => Promise<number> {
  return async () => {
    const { requests, non2xx } = await autocannon({
      url: `${origin}/dashboard`,
      headers: { cookie },
      connections: 8,
      duration: PAGE_SECONDS,
    })
    if (non2xx > 0)
      throw new RangeError(`${origin} answered ${non2xx} times with something else than the page`)
    return requests.average
  }
}

/** From an address of its own each time, as ours are: Better Auth limits sign-ins by address. @returns the cookies */
async function askPeer(origin: string, kind: 'sign-in' | 'sign-up', email: string): Promise<string> {
  const answer = await fetch(`${origin}/api/auth/${kind}/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'x-forwarded-for': freshAddress() },
    body: JSON.stringify({ email, password, ...(kind === 'sign-up' && { name: 'Person' }) }),
  })
  if (!answer.ok) throw new RangeError(`Better Auth answered ${answer.status}: ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

async function signInOurs(person: number): Promise<void> {
  const { answer } = await signIn(person)
  if (answer.status !== 303) throw new RangeError(`signing in was answered ${answer.status}`)
}

async function registerOurs(): Promise<void> {
  const { status } = await new Client().post('/users/register', { email: freshEmail(), password })
  if (status !== 303) throw new RangeError(`registering was answered ${status}`)
}
