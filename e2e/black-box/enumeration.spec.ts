import { createAccount, freshEmail, logIn, password } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client, withoutNoise } from '../support/http.ts'
import { waitForMail } from '../support/mails.ts'
import { expect, test } from '../support/test.ts'

test('ENUM-01 log-in answers an unknown address like a wrong password', async () => {
  const { email } = await createAccount()
  const stranger = freshEmail()
  const known = await logIn(new Client(), email, 'not the password')
  const unknown = await logIn(new Client(), stranger, 'not the password')
  expect(known.status).toBe(400)
  expect(withoutNoise(known, [email])).toEqual(withoutNoise(unknown, [stranger]))
})

test('ENUM-03 an unconfirmed account is answered like an unknown one, even with the right password', async () => {
  const client = new Client()
  const email = freshEmail()
  await client.post('/users/register', { email, password })
  const stranger = freshEmail()
  const right = await logIn(new Client(), email, password)
  const unknown = await logIn(new Client(), stranger, password)
  expect(withoutNoise(right, [email])).toEqual(withoutNoise(unknown, [stranger]))
})

test('ENUM-03 a disabled account is told so only after the right password', async () => {
  const { email } = await createAccount()
  await query('update users set disabled_at = now() where email = $1', [email])
  const stranger = freshEmail()
  const wrong = await logIn(new Client(), email, 'not the password')
  const unknown = await logIn(new Client(), stranger, 'not the password')
  expect(withoutNoise(wrong, [email])).toEqual(withoutNoise(unknown, [stranger]))
  const right = await logIn(new Client(), email)
  expect(right.setCookies.filter((cookie) => /sid=/.test(cookie))).toEqual([])
  expect(right.body).toMatch(/disabled/i)
})

test('ENUM-05 registering a taken address answers like a free one, and its owner is told', async () => {
  const { email } = await createAccount()
  const free = freshEmail()
  const taken = await new Client().post('/users/register', { email, password: 'another quiet river' })
  const fresh = await new Client().post('/users/register', { email: free, password: 'another quiet river' })
  expect(taken.status).toBe(303)
  expect(withoutNoise(taken, [email])).toEqual(withoutNoise(fresh, [free]))
  await waitForMail(email, /already/i)
})

test('ENUM-06 reset and resend answer unknown, unconfirmed and confirmed addresses alike', async () => {
  const { email: confirmed } = await createAccount()
  const unconfirmed = freshEmail()
  await new Client().post('/users/register', { email: unconfirmed, password })
  const addresses = [confirmed, unconfirmed, freshEmail()]
  for (const [path, more] of [
    ['/users/reset-password', {}],
    ['/users/confirm', { intent: 'resend' }],
  ] as const) {
    const answers = []
    for (const email of addresses)
      answers.push(withoutNoise(await new Client().post(path, { email, ...more }), [email]))
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  }
})

test('ENUM-15 registering and logging in, or a wrong code, tells nothing about the address', async () => {
  const { email: taken } = await createAccount()
  const free = freshEmail()
  const answers = []
  for (const email of [taken, free]) {
    const client = new Client()
    const { location } = await client.post('/users/register', { email, password: 'a stranger’s quiet river' })
    expect(location).toMatch(/^\/users\/confirm\?f=/)
    const page = await client.get(location ?? '')
    expect(page.body).toContain(email)
    const code = await client.post(location ?? '', { code: '000000' })
    const logged = await logIn(client, email, 'a stranger’s quiet river')
    expect(code.body).not.toMatch(/tries|attempts/i)
    answers.push([page, logged, code].map((answer) => withoutNoise(answer, [email])))
  }
  expect(answers[0]).toEqual(answers[1])
})
