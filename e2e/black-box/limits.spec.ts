import { createAccount, freshEmail, logIn } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client } from '../support/http.ts'
import { mailsTo } from '../support/mails.ts'
import { expect, test } from '../support/test.ts'

test('RL-02 the eleventh sign-in of a network within a minute is refused, whichever accounts it tries', async () => {
  const client = new Client()
  const statuses = []
  for (let attempt = 0; attempt < 11; attempt += 1)
    statuses.push((await logIn(client, freshEmail(), 'some password')).status)
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 400))
  expect(statuses[10]).toBe(429)
  const refused = await logIn(client, freshEmail(), 'some password')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
})

test('RL-03 inventing addresses in X-Forwarded-For does not help', async () => {
  const client = new Client()
  const statuses = []
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const headers = {
      'X-Forwarded-For': `203.0.113.${attempt}, ${client.address}`,
      'X-Real-IP': `203.0.113.${attempt}`,
    }
    statuses.push(
      (
        await client.post(
          '/users/log-in',
          { intent: 'password', email: freshEmail(), password: 'x' },
          headers,
        )
      ).status,
    )
  }
  expect(statuses.at(-1)).toBe(429)
})

test('RL-01 a victim with a known browser still signs in while someone else guesses', async () => {
  const { client: victim, email } = await createAccount()
  await logIn(victim, email)
  await victim.post('/users/log-out', {})
  const attacker = new Client()
  for (let attempt = 0; attempt < 8; attempt += 1) await logIn(attacker, email, `guess number ${attempt}`)
  expect((await logIn(victim, email)).status).toBe(303)
})

test('EML-10 asking for mail again and again sends three, and answers as ever', async () => {
  const { email } = await createAccount()
  const client = new Client()
  const answers = []
  for (let attempt = 0; attempt < 6; attempt += 1)
    answers.push((await client.post('/users/reset-password', { email })).status)
  expect(new Set(answers)).toEqual(new Set([303]))
  await expect.poll(async () => (await resetMails(email)).length).toBe(3)
  const [row] = await query(
    `select count(*)::int as n from graphile_worker.jobs where task_identifier = 'sigra.mail' and locked_at is null and run_at <= now()`,
  )
  expect(row?.['n']).toBeGreaterThanOrEqual(0)
  expect((await resetMails(email)).length).toBe(3)
})

async function resetMails(email: string): Promise<unknown[]> {
  return (await mailsTo(email)).filter(({ subject }) => /reset|new password/i.test(subject))
}
