import { readFile } from 'node:fs/promises'
import { freshEmail, logIn } from '../support/account.ts'
import { query } from '../support/database.ts'
import { Client, type Answer } from '../support/http.ts'
import { mailsTo, waitForMail } from '../support/mails.ts'
import { expect, test } from '../support/test.ts'

test('INJ-03 MAIL-02 secrets that went through every flow are found in no answer, log, job, audit row or mail', async () => {
  const client = new Client()
  const email = freshEmail()
  const canary = {
    first: 'Canary-one under stones',
    wrong: 'Canary-two under stones',
    second: 'Canary-three under stones',
  }
  const answers: Answer[] = []
  const keep = async (answer: Promise<Answer>) => {
    answers.push(await answer)
    return answer
  }

  await keep(client.post('/users/register', { email, password: canary.first }))
  const confirm = await waitForMail(email, /confirm/i)
  const landed = await keep(client.get(new URL(confirm.link).pathname))
  const f = new URL(landed.location ?? '', 'http://x').searchParams.get('f') ?? ''
  await keep(client.post(landed.location ?? '', { f }))
  await keep(logIn(client, email, canary.wrong))
  await keep(logIn(client, email, canary.first))
  const session = client.cookie('sid') ?? ''
  await keep(client.get('/dashboard'))
  await keep(client.post('/users/log-in', { email: canary.wrong, password: canary.wrong })) // typed into the wrong field
  await keep(client.post('/users/reset-password', { email }))
  const reset = await waitForMail(email, /reset|new password/i)
  const resetPage = await keep(client.get(new URL(reset.link).pathname))
  const resetF = new URL(resetPage.location ?? '', 'http://x').searchParams.get('f') ?? ''
  const form = { f: resetF, password: canary.second, passwordConfirmation: canary.second }
  await keep(client.post(resetPage.location ?? '', form))
  const notice = await waitForMail(email, /password.*was changed/i)
  const noticePage = await keep(client.get(new URL(notice.link).pathname))
  const noticeF = new URL(noticePage.location ?? '', 'http://x').searchParams.get('f') ?? ''
  await keep(client.get(noticePage.location ?? ''))
  await keep(client.post(noticePage.location ?? '', { f: noticeF }))
  await waitForMail(email, /^we secured your account/i)

  const tokens = [confirm, reset, notice].map((mail) => new URL(mail.link).pathname.split('/').at(-1) ?? '-')
  const passwords = Object.values(canary)
  const bodies = answers.map((answer) => answer.body).join('\n')
  const headers = answers.map(({ headers: all }) => JSON.stringify({ ...all, 'set-cookie': [] })).join('\n')
  const log = await readFile(process.env['E2E_LOG_FILE'] ?? '', 'utf8')
  const tables = await query(`
    select (select json_agg(j)::text from graphile_worker._private_jobs j) as jobs,
      (select json_agg(a)::text from audit_events a) as audit,
      (select json_agg(u)::text from users u) as users,
      (select json_agg(t)::text from users_tokens t) as tokens,
      (select json_agg(s)::text from user_sessions s) as sessions`)
  const stored = JSON.stringify(tables)
  for (const secret of [...passwords, ...tokens, session]) {
    expect(stored.includes(secret), 'in the database').toBe(false)
    expect(log.includes(secret), 'in the log').toBe(false)
    expect(headers.includes(secret), 'in a header').toBe(false)
  }
  for (const secret of [...passwords, session]) {
    expect(bodies.includes(secret), 'in a page').toBe(false)
    expect(
      (await mailsTo(email)).some(({ raw }) => raw.includes(secret)),
      'in a mail',
    ).toBe(false)
  }
  for (const token of tokens) expect(bodies.includes(token), 'in a page').toBe(false)
})
