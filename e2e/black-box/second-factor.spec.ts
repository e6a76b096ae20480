import { readFile } from 'node:fs/promises'
import { totpCode } from '@sigra/dev/testing'
import { createAccount, logIn } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client } from '../support/http.ts'
import { mailsTo, waitForMail } from '../support/mails.ts'
import { expect, test } from '../support/test.ts'
import { createWithApp } from '../support/visitors.ts'

const settings = '/users/settings/mfa'

const isSessionCookie = (cookie: string) => /^[^=]*sid=/.test(cookie)

test('SESS-12 the first factor leaves no usable session in any of its cookies', async () => {
  const { email } = await createWithApp()
  const client = new Client()
  const answer = await logIn(client, email)
  expect(answer.location).toBe('/users/mfa')
  const sessions = answer.setCookies.filter(isSessionCookie)
  expect(sessions).toHaveLength(1)
  expect(sessions[0]).not.toMatch(/max-age|expires/i)
  for (const cookie of answer.setCookies) {
    const replay = new Client()
    const [pair = ''] = cookie.split(';')
    const [name = '', value = ''] = pair.split('=')
    replay.cookies.set(name, value)
    expect((await replay.get('/dashboard')).status, name).toBe(303)
    expect((await replay.get('/dashboard.data')).body, name).not.toContain(email)
  }
})

test('SESS-13 a sign-in that waits reaches its own page and nothing else, and log-out wipes it', async () => {
  const { email, key } = await createWithApp()
  const client = new Client()
  await logIn(client, email)
  for (const path of ['/dashboard', settings, '/users/settings/password', '/users/sessions', '/users/sudo']) {
    for (const method of ['GET', 'POST']) {
      const form = method === 'POST' ? { form: { intent: 'disable' } } : {}
      const answer = await client.ask(path, { method, ...form })
      const hasAction = path !== '/dashboard'
      if (method === 'GET' || hasAction)
        expect(answer.location, `${method} ${path}`).toMatch(/^\/users\/mfa(?:\?|$)/)
      else expect(answer.status).toBe(405)
      const asData = await client.ask(`${path}.data`, { method, ...form })
      expect(asData.body, `${method} ${path}.data`).not.toContain(email)
      expect(asData.status, `${method} ${path}.data`).not.toBe(200)
    }
  }
  expect((await client.get('/users/mfa/enroll')).location).toBe('/users/mfa')
  expect((await client.get('/users/change-password')).location).toBe('/users/mfa')
  expect((await client.get('/')).body).not.toContain(email)

  const pending = client.cookie('sid') ?? ''
  const name = [...client.cookies.keys()].find((each) => each.endsWith('sid')) ?? ''
  await client.post('/users/log-out', {})
  client.cookies.set(name, pending)
  expect((await client.post('/users/mfa', { code: totpCode(key, { steps: 1 }) })).location).toBe(
    '/users/log-in',
  )
})

test('ENUM-13 what second factors an account has is said after the first factor only', async () => {
  const { email } = await createWithApp()
  const { email: other } = await createAccount()
  const [withTotp, without] = [new Client(), new Client()]
  const first = await logIn(withTotp, email, 'certainly not this one')
  const second = await logIn(without, other, 'certainly not this one')
  expect([first.status, first.location]).toEqual([second.status, second.location])
  for (const client of [withTotp, without]) {
    expect((await client.get('/users/mfa')).location).toBe('/users/log-in')
  }
})

test('MFA-01 MFA-12 a new password by mail is no way around the second factor', async () => {
  const { email, key } = await createWithApp()
  const client = new Client()
  await client.post('/users/reset-password', { email })
  const mail = await waitForMail(email, /reset|new password/i)
  const { location } = await client.get(new URL(mail.link).pathname)
  const f = new URL(location ?? '', 'http://x').searchParams.get('f') ?? ''
  const chosen = 'seven herons over the weir'
  const reset = await client.post(location ?? '', { f, password: chosen, passwordConfirmation: chosen })
  expect(reset.location).toBe('/users/log-in')
  expect((await logIn(client, email, chosen)).location).toBe('/users/mfa')
  expect((await client.get('/dashboard')).location).toMatch(/^\/users\/mfa/)
  expect((await client.post('/users/mfa', { code: totpCode(key, { steps: 1 }) })).location).toBe('/')
})

test('INJ-03 seed and backup codes are in no row, mail or log', async () => {
  const { email, key, codes } = await createWithApp()
  const seed = key.replaceAll(' ', '')
  const rows = await query(
    `select (select json_agg(t) from user_totp t join users u on u.id = t.user_id where u.email = $1)::text
      || (select json_agg(b) from user_backup_codes b join users u on u.id = b.user_id where u.email = $1)::text
      || (select json_agg(a) from audit_events a join users u on u.id::text = a.subject_id where u.email = $1)::text
      as text`,
    [email],
  )
  await waitForMail(email, /two-step verification is/i)
  const mails = (await mailsTo(email)).map(({ text, raw }) => text + raw)
  const logged = await readFile(process.env['E2E_LOG_FILE'] ?? '', 'utf8')
  const stored = JSON.stringify(rows) + mails.join('') + logged
  expect(stored).toContain('mfa.activated')
  expect(logged).not.toBe('')
  for (const secret of [seed, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
    expect(stored).not.toContain(secret)
  }
})

test('hostile codes are wrong codes: no 500, and never echoed', async () => {
  const { email } = await createWithApp()
  const client = new Client()
  await logIn(client, email)
  const hostile = [
    '<script>alert(1)</script>',
    '１２３４５６',
    '\u0000'.repeat(6),
    '9'.repeat(4000),
    "' or 1=1 --",
  ]
  for (const [index, code] of hostile.entries()) {
    const answer = await client.post('/users/mfa', index % 2 === 0 ? { code } : { backupCode: code })
    expect(answer.status, code.slice(0, 20)).toBeLessThan(500)
    expect(answer.body).not.toContain('<script>alert(1)')
  }
})
