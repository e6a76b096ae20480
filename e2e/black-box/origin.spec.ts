import { createSignedIn, freshEmail, logIn, password } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client, originOfApp } from '../support/http.ts'
import { inBatches, manifestRoutes, spellings } from '../support/route-manifest.ts'
import { snapshot } from '../support/snapshot.ts'
import { expect, test } from '../support/test.ts'

const hostile: [string, Record<string, string | undefined>][] = [
  ['CSRF-02 cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['CSRF-02 a foreign origin', { Origin: 'https://evil.example', 'Sec-Fetch-Site': undefined }],
  ['CSRF-03 a sibling subdomain', { Origin: 'http://evil.localhost', 'Sec-Fetch-Site': 'same-site' }],
  ['CSRF-04 a null origin', { Origin: 'null', 'Sec-Fetch-Site': undefined }],
  ['CSRF-04 a malformed origin', { Origin: 'http://localhost:', 'Sec-Fetch-Site': undefined }],
  ['CSRF-05 neither header', { Origin: undefined, 'Sec-Fetch-Site': undefined }],
]

const methods = ['POST', 'PUT', 'PATCH', 'DELETE']

const bodies: [string, string][] = [
  ['application/x-www-form-urlencoded', 'intent=password&email=x%40example.com'],
  ['text/plain', '{"email":"x@example.com"}'],
  ['application/json', '{"email":"x@example.com"}'],
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nx\r\n--x--\r\n',
  ],
  ['application/x-www-form-urlencoded', 'email='.padEnd(300_000, 'x')],
]

/** Every route as document and data, and what is no route at all. */
function everyTarget(): string[] {
  return [...manifestRoutes().flatMap(spellings), '/no-such-page', '/no-such-page.data', '/__manifest']
}

for (const [what, headers] of hostile) {
  test(`${what} CSRF-06 is refused on every route, for every method and body, with a cookie of ours`, async () => {
    const { client, email } = await createSignedIn()
    const before = await snapshot(email)
    await inBatches(
      everyTarget().flatMap((path) => methods.map((method) => ({ path, method }))),
      async ({ path, method }, index) => {
        // Another body with each: over the routes every method meets every body.
        const [type, body] = bodies[index % bodies.length] ?? ['', '']
        const asked = { 'Content-Type': type, ...headers }
        const answer = await client.ask(path, { method, body, headers: asked })
        expect(answer.status, `${method} ${path} ${type}`).toBe(403)
        expect(answer.setCookies, path).toEqual([])
      },
    )
    expect(await snapshot(email)).toBe(before)
    expect((await client.get('/dashboard')).status).toBe(200)
  })
}

test('CSRF-01 a cross-site form without any cookie is refused on every route of ours', async () => {
  const paths = everyTarget().filter((path) => path.startsWith('/users/'))
  await inBatches(paths, async (path) => {
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }]) {
      expect((await new Client().post(path, { email: freshEmail() }, headers)).status, path).toBe(403)
    }
  })
})

test('the same form from our own page is read: it is the origin that was refused', async () => {
  const { client } = await createSignedIn()
  for (const path of [
    '/users/settings/password',
    '/users/sudo',
    '/users/sudo.data',
    '/users/reset-password',
  ]) {
    expect((await client.post(path, {})).status, path).toBe(400)
  }
})

test('CSRF-01 a cross-site log-in without any cookie makes no session', async () => {
  const { email } = await createSignedIn()
  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': undefined },
  ]) {
    const answer = await new Client().post('/users/log-in', { intent: 'password', email, password }, headers)
    expect(answer.status).toBe(403)
    expect(answer.setCookies).toEqual([])
  }
})

test('CSRF-09 log-out by GET or from another site changes nothing', async () => {
  const { client } = await createSignedIn()
  expect((await client.get('/users/log-out')).status).toBe(200)
  expect((await client.post('/users/log-out', {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await client.get('/dashboard')).status).toBe(200)
})

test('HOST-01 HOST-02 forged host headers reach neither mails nor redirects nor the origin check', async () => {
  const { client, email } = await createSignedIn()
  const forged = {
    'X-Forwarded-Host': 'evil.example',
    Forwarded: 'host=evil.example;proto=https',
    'X-Forwarded-Proto': 'https',
  }
  for (const headers of [forged, { ...forged, Host: 'evil.example' }]) {
    const asked = await new Client().post('/users/reset-password', { email }, headers)
    expect(asked.status).toBe(303)
    expect(asked.location).toMatch(/^\/users\/log-in\?f=[\w-]+$/)
    const refused = await client.post(
      '/users/reset-password',
      { email },
      { ...headers, Origin: 'https://evil.example' },
    )
    expect(refused.status).toBe(403)
  }
  await expect
    .poll(
      async () =>
        (
          await query(
            'select count(*)::int as n from users_tokens t join users u on u.id = t.user_id where u.email = $1 and t.purpose = $2',
            [email, 'reset-password'],
          )
        )[0]?.['n'],
    )
    .toBeGreaterThan(0)
  const { mailsTo } = await import('../support/mails.ts')
  for (const mail of await mailsTo(email)) {
    expect(mail.raw).not.toContain('evil.example')
    if (mail.link !== '') expect(mail.link.startsWith(originOfApp())).toBe(true)
  }
})

test('HOST-02 an absolute-form request line is answered as this app, whatever host it names', async () => {
  const answer = await new Client().get('http://evil.example/dashboard')
  expect([303, 302, 400, 404]).toContain(answer.status)
  expect(JSON.stringify(answer.headers)).not.toContain('evil.example')
})

test('SESS-01 a session cookie chosen by someone else is never adopted', async () => {
  const { email, client } = await createSignedIn()
  const name = [...client.cookies.keys()].find((key) => key.endsWith('sid')) ?? ''
  const chosen = 'A'.repeat(43)
  const victim = new Client()
  victim.cookies.set(name, chosen)
  await logIn(victim, email)
  expect(victim.cookie('sid')).not.toBe(chosen)
  const attacker = new Client()
  attacker.cookies.set(name, chosen)
  expect((await attacker.get('/dashboard')).status).toBe(303)
})
