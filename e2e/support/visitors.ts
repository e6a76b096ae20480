import { totpCode } from '@sigra/dev/testing'
import { createSignedIn, freshEmail, logIn } from './account.ts'
import { query } from './database.ts'
import { Client } from './http.ts'
import type { Guard } from './route-manifest.ts'

/** Whoever may come to a route, each in a browser of their own. */
export interface Visitor {
  name: string
  client: Client
  email: string
  /** The guards that let them in. */
  passes: ReadonlySet<Guard>
}

const open: Guard[] = ['public', 'token', 'flow']
const settings = '/users/settings/mfa'

const kinds = {
  nobody: { passes: ['anonymous'], create: async () => ({ client: new Client(), email: freshEmail() }) },
  'signed in with sudo': { passes: ['authenticated', 'sudo', 'member'], create: createSignedIn },
  'signed in without sudo': { passes: ['authenticated', 'member'], create: createWithOldSudo },
  'waiting for a second factor': {
    passes: ['anonymous', 'second-factor'],
    create: async () => logInAnew((await createWithApp()).email),
  },
  'waiting for enrolment': {
    passes: ['anonymous', 'enrolment'],
    create: () => createWaiting('require_second_step'),
  },
  'waiting for a new password': {
    passes: ['anonymous', 'password-change'],
    create: () => createWaiting('must_change_password'),
  },
  'waiting to keep the account': { passes: ['anonymous', 'reactivation'], create: createScheduled },
  'waiting for consent': { passes: ['anonymous', 'consent'], create: createAsked },
} satisfies Record<string, { passes: Guard[]; create: () => Promise<{ client: Client; email: string }> }>

type VisitorName = keyof typeof kinds

export const everybody: readonly VisitorName[] = [
  'nobody',
  'signed in with sudo',
  'signed in without sudo',
  'waiting for a second factor',
  'waiting for enrolment',
  'waiting for a new password',
  'waiting to keep the account',
  'waiting for consent',
]

/** Nobody, whoever is signed in with and without sudo, and a sign-in at each of the steps it can wait for. */
export async function createVisitors(...names: readonly VisitorName[]): Promise<readonly Visitor[]> {
  return Promise.all(
    names.map(async (name) => {
      const { passes, create } = kinds[name]
      return { name, ...(await create()), passes: new Set<Guard>([...open, ...passes]) }
    }),
  )
}

/** Somebody whose authenticator app is on, by its current code. */
export async function createWithApp(): Promise<{
  client: Client
  email: string
  key: string
  codes: string[]
}> {
  const { client, email } = await createSignedIn()
  await client.post(settings, { intent: 'enroll' })
  const key = /class="key">([A-Z2-7 ]+)</.exec((await client.get(settings)).body)?.[1] ?? ''
  const { body } = await client.post(settings, { intent: 'activate', code: totpCode(key) })
  const codes = Array.from(body.matchAll(/<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})</g), ([, code = '']) => code)
  if (codes.length !== 10) throw new Error(`Switching the app on answered: ${body.slice(0, 400)}`)
  return { client, email, key, codes }
}

async function createWithOldSudo(): Promise<{ client: Client; email: string }> {
  const visitor = await createSignedIn()
  await query(
    `update user_sessions set sudo_at = sudo_at - interval '1 day'
     where user_id = (select id from users where email = $1)`,
    [visitor.email],
  )
  return visitor
}

async function createWaiting(column: 'require_second_step' | 'must_change_password') {
  const { email } = await createSignedIn()
  await query(`update users set ${column} = true where email = $1`, [email])
  return logInAnew(email)
}

async function createScheduled() {
  const { client, email } = await createSignedIn()
  await client.post('/users/settings/data', { intent: 'delete', confirmation: email })
  return logInAnew(email)
}

/** As a document would that the app has no more. */
async function createAsked() {
  const visitor = await createSignedIn()
  await query(
    `update user_sessions set awaiting = 'consent', sudo_at = null, sudo_method = null
     where user_id = (select id from users where email = $1)`,
    [visitor.email],
  )
  return visitor
}

async function logInAnew(email: string): Promise<{ client: Client; email: string }> {
  const client = new Client()
  await logIn(client, email)
  return { client, email }
}
