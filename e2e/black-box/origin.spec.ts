import { createSignedIn, freshEmail, logIn, password } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client, originOfApp } from '../support/http.ts'
import { expect, test } from '../support/test.ts'

const targets = [
  '/users/log-in',
  '/users/register',
  '/users/reset-password',
  '/users/confirm',
  '/users/confirm/continue',
  '/users/reset-password/continue',
  '/users/not-me/continue',
  '/users/log-out',
  '/users/log-in.data',
  '/users/register.data?_routes=accounts%2Froutes%2Fregister',
  '/health/live',
  '/no-such-page',
  '/',
]

const hostile: [string, Record<string, string | undefined>][] = [
  ['CSRF-02 cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['CSRF-02 a foreign origin', { Origin: 'https://evil.example', 'Sec-Fetch-Site': undefined }],
  ['CSRF-03 a sibling subdomain', { Origin: 'http://evil.localhost', 'Sec-Fetch-Site': 'same-site' }],
  ['CSRF-04 a null origin', { Origin: 'null', 'Sec-Fetch-Site': undefined }],
  ['CSRF-04 a malformed origin', { Origin: 'http://localhost:', 'Sec-Fetch-Site': undefined }],
  ['CSRF-05 neither header', { Origin: undefined, 'Sec-Fetch-Site': undefined }],
]

for (const [what, headers] of hostile) {
  test(`${what} is refused everywhere, with a cookie of ours`, async () => {
    const { client } = await createSignedIn()
    for (const path of targets) {
      const answer = await client.ask(path, { method: 'POST', form: { email: freshEmail() }, headers })
      expect(answer.status, path).toBe(403)
      expect(answer.setCookies, path).toEqual([])
    }
    expect((await client.get('/dashboard')).status).toBe(200)
  })
}

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

test('CSRF-06 every unsafe method and body kind is refused before the body is read', async () => {
  const { client } = await createSignedIn()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const [type, body] of [
      ['text/plain', '{"email":"x@example.com"}'],
      ['application/json', '{"email":"x@example.com"}'],
      [
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nx\r\n--x--\r\n',
      ],
      ['application/x-www-form-urlencoded', 'email='.padEnd(300_000, 'x')],
    ]) {
      for (const path of ['/users/log-in', '/users/log-out', '/health/ready', '/users/log-in.data']) {
        const headers = {
          'Content-Type': type,
          Origin: 'https://evil.example',
          'Sec-Fetch-Site': 'cross-site',
        }
        const answer = await client.ask(path, { method, body: body ?? '', headers })
        expect(answer.status, `${method} ${path} ${type}`).toBe(403)
      }
    }
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
    expect(asked.location).toBe('/users/log-in')
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
            'select count(*)::int as n from users_tokens t join users u on u.id = t.user_id where u.email = $1 and t.context = $2',
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
