import { randomBytes } from 'node:crypto'
import { freshEmail, logIn, createAccount, password } from '../support/account.ts'
import { findWritten, query } from '../support/database.ts'
import { Client } from '../support/http.ts'
import { expect, test } from '../support/test.ts'

const typed = 'bad-input'

const forms: Record<string, Record<string, string>> = {
  '/users/register': { email: typed, password },
  '/users/log-in': { intent: 'password', email: typed, password },
  '/users/confirm': { email: typed, code: '123456' },
  '/users/reset-password': { email: typed },
  '/users/reset-password/continue': { f: 'x', password, passwordConfirmation: password },
  '/users/confirm/continue': { f: 'x' },
  '/users/not-me/continue': { f: 'x' },
}

/** Another address each time, so that no test of a field meets the limit of an account. */
function freshForm(form: Record<string, string>): Record<string, string> {
  const email = `${typed}-${randomBytes(6).toString('hex')}@example.com`
  return 'email' in form ? { ...form, email } : form
}

for (const [path, form] of Object.entries(forms)) {
  test(`PWD-03 INJ-07 INJ-10 ${path} refuses every kind of bad form and writes nothing`, async () => {
    const bad: [string, [string, string][]][] = [['nothing', []]]
    for (const name of Object.keys(form).filter((key) => key !== 'intent')) {
      const others = () => Object.entries(freshForm(form)).filter(([key]) => key !== name)
      for (const value of [
        '',
        '\u0000',
        'a\u0000b@example.com',
        '\u202Eevil@example.com',
        'x'.repeat(60_000),
        '[object]',
        "' or 1=1 --",
        '%00',
        '\r\nBcc: victim@example.com',
      ]) {
        bad.push([`${name}=${JSON.stringify(value.slice(0, 20))}`, [...others(), [name, value]]])
      }
      bad.push([`${name} missing`, others()])
      bad.push([`${name} repeated`, [...Object.entries(freshForm(form)), [name, 'again']]])
      bad.push([
        `${name} as array`,
        [...others(), [`${name}[]`, 'x'], [`${name}[0]`, 'x'], [`${name}.x`, 'x']],
      ])
    }
    const addresses: string[] = []
    for (const [what, entries] of bad) {
      const client = new Client()
      addresses.push(client.address)
      const answer = await client.post(path, entries)
      // What only looks like an address gets the answer of every other one there, and no mail is asked for.
      const isUniform =
        path === '/users/reset-password' && answer.location?.startsWith('/users/log-in') === true
      expect(answer.status, what).toBe(isUniform ? 303 : 400)
      expect(answer.body, what).not.toMatch(/node_modules|at \w+ \(/)
    }
    expect(await findWritten(addresses, typed)).toEqual([])
  })

  test(`PWD-01 ${path} refuses bodies over 64 kB, files, JSON and broken text, and writes nothing`, async () => {
    const good = freshForm(form)
    const kinds: [string, string | Uint8Array][] = [
      ['application/x-www-form-urlencoded', `${new URLSearchParams(good)}&more=`.padEnd(1_000_000, 'x')],
      ['application/json', JSON.stringify(good)],
      ['text/plain', new URLSearchParams(good).toString()],
      [
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="email"; filename="a.txt"\r\n\r\nx\r\n--x--\r\n',
      ],
      ['multipart/form-data; boundary=x', 'broken'],
      ['multipart/form-data', 'no boundary'],
      [
        'application/x-www-form-urlencoded',
        'email=%ED%A0%80&password=%ED%A0%80%ED%A0%80%ED%A0%80%ED%A0%80%ED%A0%80',
      ],
      ['application/x-www-form-urlencoded', new Uint8Array([101, 61, 255, 254, 0, 38])],
    ]
    const addresses: string[] = []
    for (const [type, body] of kinds) {
      const client = new Client()
      addresses.push(client.address)
      const answer = await client.ask(path, { method: 'POST', body, headers: { 'Content-Type': type } })
      expect(answer.status, `${type} ${String(body).slice(0, 30)}`).toBe(body.length > 65_536 ? 413 : 400)
    }
    expect(await findWritten(addresses, typed)).toEqual([])
  })
}

test('INJ-07 extra fields of the user table are ignored', async () => {
  const client = new Client()
  const email = freshEmail()
  const more = {
    confirmedAt: '2020-01-01',
    confirmed_at: '2020-01-01',
    id: '1',
    role: 'admin',
    disabledAt: '',
    __proto__x: '1',
  }
  await client.post('/users/register', { email, password, ...more })
  const [user] = await query('select * from users where email = $1', [email])
  expect(user).toMatchObject({ email, confirmed_at: null })
})

test('PWD-04 a password typed in decomposed form logs in', async () => {
  const composed = 'caf\u00e9 am stillen Fluss'
  const { client, email } = await createAccountWith(composed)
  expect((await logIn(client, email, composed.normalize('NFD'))).status).toBe(303)
  expect((await logIn(new Client(), email, composed.replace('\u00e9', 'e'))).status).toBe(400)
})

test('PWD-11 the password comes back in no page', async () => {
  const typed = 'never to be seen again'
  for (const path of ['/users/register', '/users/log-in']) {
    const answer = await new Client().post(path, { email: 'not an address', password: typed })
    expect(answer.body, path).not.toContain(typed)
  }
})

test('INJ-06 INJ-11 markup in what people type comes back inert', async () => {
  const typed = '"><script>alert(1)</script></script><img src=x onerror=alert(1)>'
  for (const path of ['/users/register', '/users/log-in', '/users/reset-password', '/users/confirm']) {
    const answer = await new Client().post(path, {
      email: typed,
      password: 'x',
      code: typed,
      intent: 'password',
    })
    expect(answer.body, path).not.toContain('<script>alert(1)')
    expect(answer.body, path).not.toContain('<img src=x')
  }
  const searched = await new Client().get(`/users/log-in?redirectTo=${encodeURIComponent(typed)}`)
  expect(searched.body).not.toContain('<script>alert(1)')
})

test('TOK-01 TOK-03 every broken or used token gets the one message, and nothing happens', async () => {
  const { email } = await createAccount()
  const client = new Client()
  await client.post('/users/reset-password', { email })
  const { waitForMail } = await import('../support/mails.ts')
  const mail = await waitForMail(email, /reset|new password/i)
  const token = new URL(mail.link).pathname.split('/').at(-1) ?? ''
  const flipped = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`
  const broken = [
    'x',
    token.slice(0, -1),
    `${token}A`,
    flipped,
    `${token}=`,
    token.toUpperCase(),
    '%00',
    '..%2f..',
    'x'.repeat(4000),
  ]
  const prefixes = ['/users/reset-password/', '/users/confirm/', '/users/not-me/']
  for (const prefix of prefixes) {
    const mine = prefix.includes('reset') ? broken : [...broken, token] // a reset token is nothing anywhere else
    for (const each of mine) await expectInvalid(prefix, each)
  }

  const confirmation = await waitForMail(email, /confirm/i) // used when the account was made
  await expectInvalid('/users/confirm/', new URL(confirmation.link).pathname.split('/').at(-1) ?? '')
  const { location } = await client.get(`/users/reset-password/${token}`)
  const f = new URL(location ?? '', 'http://x').searchParams.get('f') ?? ''
  const choice = { f, password: 'a newer quiet river', passwordConfirmation: 'a newer quiet river' }
  expect((await client.post(location ?? '', choice)).status).toBe(303)
  for (const prefix of prefixes) await expectInvalid(prefix, token)
  expect((await client.post(location ?? '', { ...choice, password: 'x'.repeat(20) })).status).toBe(400)
})

async function expectInvalid(prefix: string, token: string): Promise<void> {
  const visitor = new Client()
  const first = await visitor.get(`${prefix}${token}`)
  const answer = first.location === null ? first : await visitor.get(first.location)
  const last = answer.location === null ? answer : await visitor.get(answer.location)
  const said = `${LINK_NAMES[prefix]} link is invalid or has expired.`
  expect(last.body, `${prefix}${token.slice(0, 20)}`).toContain(said)
}

const LINK_NAMES: Record<string, string> = {
  '/users/reset-password/': 'This password',
  '/users/confirm/': 'This confirmation',
  '/users/not-me/': 'This',
}

test('RR-06 an unsafe method on a page without an action is refused', async () => {
  for (const path of ['/health/live', '/health/ready', '/dashboard']) {
    const answer = await new Client().post(path, { a: 'b' })
    expect(answer.status, path).toBeGreaterThanOrEqual(300)
    expect(answer.status, path).toBeLessThan(500)
  }
})

async function createAccountWith(chosen: string): Promise<{ client: Client; email: string }> {
  const account = await createAccount()
  const { waitForMail } = await import('../support/mails.ts')
  await account.client.post('/users/reset-password', { email: account.email })
  const mail = await waitForMail(account.email, /reset|new password/i)
  const landed = await account.client.get(new URL(mail.link).pathname)
  const f = new URL(landed.location ?? '', 'http://x').searchParams.get('f') ?? ''
  await account.client.post(landed.location ?? '', { f, password: chosen, passwordConfirmation: chosen })
  return account
}
