import { createSignedIn, logIn } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client } from '../support/http.ts'
import { expect, test } from '../support/test.ts'

function nameOf(client: Client, ending: string): string {
  return [...client.cookies.keys()].find((name) => name.endsWith(ending)) ?? ''
}

function withCookie(name: string, value: string): Client {
  const client = new Client()
  client.cookies.set(name, value)
  return client
}

test('SESS-02 the token before a new sign-in is dead, and its late answers set no cookie', async () => {
  const { client, email } = await createSignedIn()
  const name = nameOf(client, 'sid')
  const old = client.cookie('sid') ?? ''
  await logIn(client, email)
  const late = await withCookie(name, old).get('/dashboard')
  expect(late.status).toBe(303)
  expect(late.setCookies.filter((cookie) => cookie.startsWith(name))).toEqual([])
})

test('SESS-03 two session cookies of one name are nobody, and leave an audit row', async () => {
  const { client } = await createSignedIn()
  const name = nameOf(client, 'sid')
  const cookie = `${name}=${client.cookie('sid')}; ${name}=${client.cookie('sid')}`
  const answer = await client.get('/dashboard', { Cookie: cookie })
  expect(answer.status).toBe(303)
  await expect
    .poll(async () =>
      query(`select id from audit_events where action = 'security.duplicate_cookie' and ip = $1`, [
        client.address,
      ]),
    )
    .toHaveLength(1)
})

test('SESS-05 a hash from the database is no cookie', async () => {
  const { client, email } = await createSignedIn()
  const [row] = await query(
    'select s.token_hash from user_sessions s join users u on u.id = s.user_id where u.email = $1',
    [email],
  )
  const hash = row?.['token_hash']
  const stolen = Buffer.isBuffer(hash) ? hash.toString('base64url') : String(hash)
  expect((await withCookie(nameOf(client, 'sid'), stolen).get('/dashboard')).status).toBe(303)
})

test('SESS-06 the token is dead after log-out, as a document and as data', async () => {
  const { client } = await createSignedIn()
  const name = nameOf(client, 'sid')
  const token = client.cookie('sid') ?? ''
  const answer = await client.post('/users/log-out', {})
  expect(answer.status).toBe(303)
  expect(client.cookie('sid')).toBeUndefined()
  for (const path of ['/dashboard', '/dashboard.data', '/dashboard.data?_routes=routes%2Fdashboard']) {
    const replay = await withCookie(name, token).get(path)
    expect(replay.body, path).not.toContain('@example.com')
    expect(replay.status, path).not.toBe(200)
  }
})

test('SESS-11 a disabled user is anonymous on the next request', async () => {
  const { client, email } = await createSignedIn()
  expect((await client.get('/dashboard')).status).toBe(200)
  await query('update users set disabled_at = now() where email = $1', [email])
  expect((await client.get('/dashboard')).status).toBe(303)
})

test('SESS-12 a failed or refused sign-in sets no session cookie at all', async () => {
  const { client, email } = await createSignedIn()
  const name = nameOf(client, 'sid')
  await query('update users set disabled_at = now() where email = $1', [email])
  for (const typed of ['wrong password here', undefined]) {
    const answer = await logIn(new Client(), email, typed)
    expect(answer.setCookies.filter((cookie) => cookie.startsWith(`${name}=`))).toEqual([])
  }
})

test('SESS-16 the session token is in no page, address or log', async () => {
  const { client } = await createSignedIn()
  const token = client.cookie('sid') ?? '-'
  for (const path of ['/', '/dashboard', '/dashboard.data', '/users/log-out', '/no-such-page']) {
    const answer = await client.get(path)
    expect(answer.body).not.toContain(token)
    expect(JSON.stringify({ ...answer.headers, 'set-cookie': [] })).not.toContain(token)
  }
})

test('session cookies are HttpOnly, SameSite=Lax, for the whole path, and bound to this host', async () => {
  const { client, email } = await createSignedIn()
  const answer = await logIn(client, email)
  const cookie = answer.setCookies.find((each) => each.split('=')[0]?.endsWith('sid')) ?? ''
  expect(cookie).toMatch(/; HttpOnly/i)
  expect(cookie).toMatch(/; SameSite=Lax/i)
  expect(cookie).toMatch(/; Path=\/(;|$)/i)
  expect(cookie).not.toMatch(/domain=/i)
  expect(cookie).not.toMatch(/max-age|expires/i)
})
