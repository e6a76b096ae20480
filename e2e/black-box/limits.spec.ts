import { createAccount, freshEmail, logIn } from '../support/account.ts'
import { type Answer, Client } from '../support/http.ts'
import { allMailsTo, type Mail, mailsTo } from '../support/mails.ts'
import { expect, test } from '../support/test.ts'

test('RL-02 the eleventh sign-in of a network within a minute is refused, whichever accounts it tries', async () => {
  const client = new Client()
  const { answers, granted, most } = await tryAtOnce(() => logIn(client, freshEmail(), 'some password'))
  expect(granted).toBeGreaterThanOrEqual(10)
  expect(granted).toBeLessThanOrEqual(most)
  const waits = answers
    .filter(({ status }) => status === 429)
    .map(({ headers }) => Number(headers['retry-after']))
  for (const seconds of waits) expect(seconds).toBeGreaterThan(0)
})

test('RL-03 inventing addresses in X-Forwarded-For does not help', async () => {
  const client = new Client()
  const { granted, most } = await tryAtOnce((attempt) => {
    const headers = {
      'X-Forwarded-For': `203.0.113.${attempt}, ${client.address}`,
      'X-Real-IP': `203.0.113.${attempt}`,
    }
    return client.post('/users/log-in', { intent: 'password', email: freshEmail(), password: 'x' }, headers)
  })
  expect(granted).toBeLessThanOrEqual(most)
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
  const answers: number[] = []
  const ask = async () => {
    answers.push((await client.post('/users/reset-password', { email })).status)
  }
  // One after the other has arrived: a link that a newer one replaced before it was sent is not sent at all.
  for (const sent of [1, 2, 3]) {
    await ask()
    await expect.poll(async () => resetsIn(await mailsTo(email)).length).toBe(sent)
  }
  await Promise.all([ask(), ask(), ask()])
  expect(answers).toEqual(Array.from({ length: 6 }, () => 303))
  expect(resetsIn(await allMailsTo(email)).length).toBe(3)
})

const TRIES = 20

/**
 * Sends many sign-ins at once, so that they meet one bucket on a busy machine too.
 *
 * @returns How many were let through, and the most that may be: ten, and one for every six seconds that went by.
 */
async function tryAtOnce(
  send: (attempt: number) => Promise<Answer>,
): Promise<{ answers: Answer[]; granted: number; most: number }> {
  const startedAt = Date.now()
  const answers = await Promise.all(Array.from({ length: TRIES }, (_, attempt) => send(attempt)))
  const most = 10 + Math.floor((Date.now() - startedAt) / 6000)
  expect(most, 'fewer than were tried').toBeLessThan(TRIES)
  const statuses = answers.map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([400, 429]))
  return { answers, granted: statuses.filter((status) => status === 400).length, most }
}

function resetsIn(mails: readonly Mail[]): readonly Mail[] {
  return mails.filter(({ subject }) => /reset|new password/i.test(subject))
}
