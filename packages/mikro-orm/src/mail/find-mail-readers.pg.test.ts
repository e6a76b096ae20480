import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { registerUser } from '../register/register-user.ts'
import { attemptMail } from '../testing/attempt-mail.ts'
import { createTestCaller, createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import { recordQueries } from '../testing/record-queries.ts'
import { deliverMail, findMail, readQueue } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import type { TestUser } from '../testing/test-user.ts'
import { findMailReaders } from './find-mail-readers.ts'
import type { MailPayload } from './mail-payload.ts'
import { requestMail } from './request-mail.ts'

const policy = { ...generousLimits, ...cheapHashing }
const password = 'Tulpen im Regen, 1987'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({
    policy,
    mailUser: ['displayName'],
    localeProperty: 'locale',
    defaultLocale: 'fr',
  })
})
afterAll(() => test.close())

const describeUser = (user: TestUser, displayName: string | null, locale: string | null = null) =>
  test.rows(sql`update users set display_name = ${displayName}, locale = ${locale} where id = ${user.id}`)

async function askForLink(email: string): Promise<MailPayload> {
  await requestMail(test.runtime, createTestCaller(), 'magicLink', email)
  const mail = (await readQueue(test)).at(-1)
  if (!mail) throw new Error('nothing was asked for')
  return mail
}

describe('who reads a mail', () => {
  it('is told the listed columns, and the language of the account', async () => {
    const user = await createTestUser(test)
    await describeUser(user, 'Ada Lovelace', 'de-at')
    const mail = await askForLink(user.email)
    const attempted = await attemptMail(test.runtime, mail)
    expect(attempted).toMatchObject({
      send: { props: { locale: 'de-AT', user: { displayName: 'Ada Lovelace' } } },
    })
    expect(await attemptMail(test.runtime, mail)).toEqual(attempted)
    expect(JSON.stringify(mail)).not.toMatch(/Lovelace|de-at/i) // a shorter name stands in random text some day
  })

  it('gets mails in the default language where the account names none, or nothing that is one', async () => {
    const user = await createTestUser(test)
    for (const locale of [null, '', 'klingon!', 'de\r\nBcc: eve']) {
      await describeUser(user, null, locale)
      expect(await findMailReaders(test.runtime, [await askForLink(user.email)])).toEqual([
        { locale: 'fr', user: { displayName: null } },
      ])
    }
  })

  it('INJ-05: is told nothing that was typed before the address is confirmed', async () => {
    const email = createTestEmail()
    const fields = { displayName: 'You won a prize, call 0900', locale: 'de' }
    await registerUser(test.runtime, createTestCaller(), { email, password }, { fields })
    const mail = findMail(await deliverMail(test), 'confirmAddress')
    expect(mail.props).toMatchObject({ locale: 'de', user: null })
    expect(JSON.stringify(mail)).not.toContain('prize')
  })

  it('INJ-05: is told nothing by whoever registers the address a second time', async () => {
    const user = await createTestUser(test)
    await describeUser(user, 'Ada', 'de')
    const fields = { displayName: 'Eve', locale: 'en' }
    await registerUser(test.runtime, createTestCaller(), { email: user.email, password }, { fields })
    const { props } = findMail(await deliverMail(test), 'alreadyRegistered')
    expect(props).toMatchObject({ locale: 'de', user: { displayName: 'Ada' } })
  })

  it('INJ-05: is shown no link in a name, whoever wrote it', async () => {
    const user = await createTestUser(test)
    await describeUser(user, 'Log in at evil.example')
    const [reader] = await findMailReaders(test.runtime, [await askForLink(user.email)])
    expect(reader?.user).toEqual({ displayName: null })
  })

  it('is nobody for an address without an account', async () => {
    expect(await findMailReaders(test.runtime, [await askForLink(createTestEmail())])).toEqual([
      { locale: 'fr', user: null },
    ])
  })

  it('is asked about once for many mails, and not at all in an app that lists nothing', async () => {
    const users = await Promise.all([createTestUser(test), createTestUser(test)])
    const [first, second] = users
    if (!first || !second) throw new Error('two users')
    await describeUser(first, 'Ada')
    await describeUser(second, 'Bob')
    const mails = [await askForLink(second.email), await askForLink(first.email)]
    const asked = await recordQueries(test.orm, () => findMailReaders(test.runtime, mails))
    expect(asked).toHaveLength(1)
    expect((await findMailReaders(test.runtime, mails)).map(({ user }) => user)).toEqual([
      { displayName: 'Bob' },
      { displayName: 'Ada' },
    ])
    const plain = { ...test.runtime, mailUser: [], localeColumn: null, defaultLocale: 'en' }
    const none = await recordQueries(test.orm, () => findMailReaders(plain, mails))
    expect(none).toEqual([])
    expect(await findMailReaders(plain, mails)).toEqual(mails.map(() => ({ locale: 'en', user: null })))
  })
})
