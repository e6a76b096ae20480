import { createAccount, logIn } from '../support/account.ts'
import { Client, originOfApp } from '../support/http.ts'
import { expect, test } from '../support/test.ts'

const port = () => new URL(originOfApp()).port

test('RD-01 RD-04 RD-08 RD-09 a hostile redirectTo lands at home', async () => {
  const { email } = await createAccount()
  const hostile = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '///evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'https://evil.example',
    `http://localhost:${port()}@evil.example`,
    'http://localhost.evil.example',
    'javascript:alert(1)',
    '/users/log-out',
    '/users/log-in',
    '/users/confirm/abc',
    '/dashboard\r\nSet-Cookie: a=b',
  ]
  for (const redirectTo of hostile) {
    const answer = await logIn(new Client(), email, undefined, { redirectTo })
    expect(answer.status, redirectTo).toBe(303)
    expect(answer.location, redirectTo).toBe('/')
  }
})

test('RD-09 a NUL in redirectTo makes the form unreadable, not a redirect', async () => {
  const { email } = await createAccount()
  const answer = await logIn(new Client(), email, undefined, { redirectTo: '/\u0000' })
  expect(answer.status).toBe(400)
  expect(answer.location).toBeNull()
})

test('RD-05 encoded slashes stay a path of this app', async () => {
  const { email } = await createAccount()
  for (const redirectTo of [
    '/%2f%2fevil.example',
    '/%5cevil.example',
    '/%252f%252fevil.example',
    '/%09/evil.example',
  ]) {
    const { location } = await logIn(new Client(), email, undefined, { redirectTo })
    expect(new URL(location ?? '', originOfApp()).origin).toBe(originOfApp())
  }
})

test('RD-06 single fetch answers with the same checked target', async () => {
  const { email } = await createAccount()
  const form = {
    intent: 'password',
    email,
    password: 'quiet river under stones',
    redirectTo: '//evil.example',
  }
  const answer = await new Client().post('/users/log-in.data', form)
  expect(answer.status).toBe(202)
  expect(answer.body).not.toContain('evil.example')
})

test('a safe redirectTo is followed, its query kept', async () => {
  const { email } = await createAccount()
  const { location } = await logIn(new Client(), email, undefined, { redirectTo: '/dashboard?tab=one' })
  expect(location).toBe('/dashboard?tab=one')
})

test('a protected page remembers its normal address, not that of its data request', async () => {
  const answer = await new Client().get('/dashboard.data?tab=one&_routes=routes%2Fdashboard')
  expect(answer.body).not.toContain('.data')
  expect(answer.body).not.toContain('_routes')
})
