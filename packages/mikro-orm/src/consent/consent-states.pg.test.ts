import { createSoftwarePasskey } from '@sigra/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { sql } from '../database/sql.ts'
import { cancelUserDeletion } from '../deletion/cancel-user-deletion.ts'
import { exportUserData } from '../export/export-user-data.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from '../magic-link/log-in-user-by-magic-code.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { addUserPasskey } from '../passkeys/add-user-passkey.ts'
import { logInUserByPasskey } from '../passkeys/log-in-user-by-passkey.ts'
import { verifySecondFactorByPasskey } from '../passkeys/verify-second-factor-by-passkey.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import type { Runtime } from '../runtime.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { activateUserTotp } from '../second-factor/activate-user-totp.ts'
import { enrollUserTotp } from '../second-factor/enroll-user-totp.ts'
import { issueUserBackupCodes } from '../second-factor/issue-user-backup-codes.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { changeRequiredPassword } from '../settings/change-required-password.ts'
import { sudoByPassword } from '../sudo/sudo-by-password.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import {
  answerEnrolment,
  answerLogIn,
  answerSecondFactor,
  createFreshBrowser,
  createPasskeyUser,
} from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { registerInBrowser } from '../testing/test-registration.ts'
import { createTotpUser, logInBrowser, totpCode } from '../testing/test-second-factor.ts'
import { signInTestUser } from '../testing/test-session.ts'
import type { UserId } from '../user-id.ts'
import { acceptUserDocuments } from './accept-user-documents.ts'
import type { Document } from './documents.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

const terms: Document = { name: 'terms', version: '2', url: '/terms', required: false }

/** The same app, with what is different about it. */
const where = (changes: Partial<Runtime>): TestRuntime => ({
  ...test,
  runtime: { ...test.runtime, ...changes },
})

type Documents = 'none' | 'asked for' | 'required'
const apps: Record<Documents, () => Partial<Runtime>> = {
  none: () => ({ documents: [] }),
  'asked for': () => ({ documents: [terms] }),
  required: () => ({ documents: [{ ...terms, required: true }] }),
}

interface Answer {
  ok: boolean
  outcome?: string | null
  reason?: string
}

interface App extends TestRuntime {
  /** What happens to the person right before the last step. */
  meanwhile?: (person: { email: string }) => Promise<unknown>
}

/** A way to a session: its last step is done in the app that it is given. */
type Way = (app: App) => Promise<{ browser: TestCaller; answer: Answer }>

const obliged = (app: App): App => {
  const { policy } = app.runtime
  return { ...app, runtime: { ...app.runtime, policy: { ...policy, secondFactor: 'all' } } }
}

async function finish(app: App, browser: TestCaller, person: { email: string }, last: () => Promise<Answer>) {
  await app.meanwhile?.(person)
  return { browser, answer: await last() }
}

const ways: Record<string, Way> = {
  async 'the password'(app) {
    const { email, password } = await createTestUser(test)
    const browser = createTestCaller()
    return finish(app, browser, { email }, () => logInUser(app.runtime, browser, { email, password }))
  },
  async 'a magic link'(app) {
    const { browser, email, token } = await askForLink()
    return finish(app, browser, { email }, () => logInUserByMagicLink(app.runtime, browser, { token }))
  },
  async 'the digits beside a magic link'(app) {
    const { browser, email, code } = await askForLink()
    return finish(app, browser, { email }, () => logInUserByMagicCode(app.runtime, browser, { email, code }))
  },
  async 'confirming by link'(app) {
    const { browser, email, token } = await registerInBrowser(test)
    return finish(app, browser, { email }, () => confirmUser(app.runtime, browser, { token }))
  },
  async 'confirming by code'(app) {
    const { browser, email, code } = await registerInBrowser(test)
    return finish(app, browser, { email }, () => confirmUserByCode(app.runtime, browser, { email, code }))
  },
  async 'a passkey'(app) {
    const { user, passkey } = await createPasskeyUser(test)
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, passkey)
    return finish(app, browser, user, () => logInUserByPasskey(app.runtime, browser, { response }))
  },
  async 'the code of an app, after the password'(app) {
    const { user, code } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    return finish(app, browser, user, () => verifyUserSecondFactor(app.runtime, browser, { code: code() }))
  },
  async 'a backup code, after the password'(app) {
    const { user, codes } = await createTotpUser(test)
    const browser = await logInBrowser(test, user)
    const backupCode = codes[0]
    return finish(app, browser, user, () => verifyUserSecondFactor(app.runtime, browser, { backupCode }))
  },
  async 'a passkey, after the password'(app) {
    const { user, passkey } = await createPasskeyUser(test)
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    await addBackupCode(user.id)
    const browser = await logInBrowser(test, user)
    const response = await answerSecondFactor(test, browser, passkey)
    return finish(app, browser, user, () => verifySecondFactorByPasskey(app.runtime, browser, { response }))
  },
  async 'setting an app up that the policy demands'(app) {
    const user = await createTestUser(test)
    const browser = await logInBrowser(obliged(test), user)
    const enrolled = await enrollUserTotp(test.runtime, browser)
    if (!enrolled.ok) throw new Error(enrolled.reason)
    const code = totpCode(test, enrolled.enrolment)
    return finish(app, browser, user, () => activateUserTotp(obliged(app).runtime, browser, { code }))
  },
  async 'fetching the backup codes that are missing'(app) {
    const { user, passkey } = await createPasskeyUser(test)
    const browser = await logInBrowser(obliged(test), user)
    const response = await answerSecondFactor(test, browser, passkey)
    await verifySecondFactorByPasskey(obliged(test).runtime, browser, { response })
    await nextRequest(test.runtime, browser)
    return finish(app, browser, user, () => issueUserBackupCodes(obliged(app).runtime, browser))
  },
  async 'adding a passkey where codes are there'(app) {
    const user = await createTestUser(test)
    const browser = await logInBrowser(obliged(test), user)
    await addBackupCode(user.id)
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    return finish(app, browser, user, () => addUserPasskey(obliged(app).runtime, browser, { response }))
  },
  async 'changing the password that must be'(app) {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = await logInBrowser(test, user)
    const password = 'seven herons over the weir'
    return finish(app, browser, user, () => changeRequiredPassword(app.runtime, browser, { password }))
  },
}

async function askForLink(): Promise<{ browser: TestCaller; email: string; token: string; code: string }> {
  const { email } = await createTestUser(test)
  const browser = createTestCaller()
  await deliverUserLogInInstructions(test.runtime, browser, { email })
  const { props } = findMail(await deliverMail(test), 'magicLink')
  return { browser, email, token: tokenOf(props.logInUrl), code: props.code }
}

const addBackupCode = (userId: UserId) =>
  test.rows(sql`
    insert into user_backup_codes (id, user_id, lookup_prefix, code_hash)
    values (gen_random_uuid(), ${userId}, 'AAAA', 'hash')`)

const sessionOf = async (runtime: Runtime, browser: TestCaller) => {
  const { session } = await nextRequest(runtime, browser)
  if (session === null) throw new Error('no session')
  return session
}

const strengthOf = ({ aal, amr, hasSudo, sudoMethod, remembered }: ResolvedSession) => ({
  aal,
  amr,
  hasSudo,
  sudoMethod,
  remembered,
})

describe.each(Object.entries(ways))('by %s', (_, way) => {
  it('MFA-01: is in at once where no document is named', async () => {
    const app = where(apps.none())
    const { browser, answer } = await way(app)
    expect(answer).toMatchObject({ ok: true, outcome: 'signed-in' })
    expect(await sessionOf(app.runtime, browser)).toMatchObject({ awaiting: null, mustConsent: false })
  })

  it.each<Documents>(['asked for', 'required'])(
    'MFA-01: ends at the documents that are %s, and goes on as what it was',
    async (documents) => {
      const app = where(apps[documents]())
      const { browser, answer } = await way(app)
      expect(answer).toMatchObject({ ok: true, outcome: 'consent-required' })
      const waiting = await sessionOf(app.runtime, browser)
      expect(waiting).toMatchObject({ awaiting: 'consent', mustConsent: false, hasSudo: false })
      await expect(exportUserData(app.runtime, browser)).rejects.toThrow(SudoRequired)
      expect(await acceptUserDocuments(app.runtime, browser, { documents: 'terms:2' })).toMatchObject({
        ok: true,
        outcome: 'signed-in',
      })
      const session = await sessionOf(app.runtime, browser)
      expect(session).toMatchObject({ awaiting: null, mustConsent: false })
      const { browser: unasked } = await way(where(apps.none()))
      expect(strengthOf(session)).toEqual(strengthOf(await sessionOf(test.runtime, unasked)))
    },
  )

  it('MFA-01: is not asked again for what was accepted, and is for what has another version', async () => {
    const { browser } = await way(where(apps['asked for']()))
    const { userId } = await sessionOf(test.runtime, browser)
    const former = where({ documents: [{ ...terms, version: '1' }] })
    await sessionOf(former.runtime, browser)
    await acceptUserDocuments(former.runtime, browser, { documents: 'terms:1' })
    const kept = await test.rows(sql`select version from user_consents where user_id = ${userId}`)
    expect(kept).toEqual([{ version: '1' }])
    expect(await sessionOf(former.runtime, browser)).toMatchObject({ awaiting: null, mustConsent: false })
    const next = where(apps.required())
    expect(await sessionOf(next.runtime, browser)).toMatchObject({ awaiting: null, mustConsent: true })
  })
})

const dueIn = (days: number) => (person: { email: string }) =>
  test.rows(sql`
    update users set deletion_requested_at = now(), delete_after = now() + ${days} * interval '1 day'
    where email = ${person.email}`)

describe.each(Object.entries(ways))('by %s, with a deletion', (_, way) => {
  it('DEL-03 MFA-01: ends at the page that takes it back, after every factor, and goes on as what it was', async () => {
    const { browser, answer } = await way({ ...where(apps.none()), meanwhile: dueIn(14) })
    expect(answer).toMatchObject({ ok: true, outcome: 'reactivation-required' })
    const waiting = await sessionOf(test.runtime, browser)
    expect(waiting).toMatchObject({ awaiting: 'reactivation', hasSudo: false })
    await expect(exportUserData(test.runtime, browser)).rejects.toThrow(SudoRequired)
    expect(await cancelUserDeletion(test.runtime, browser)).toMatchObject({ outcome: 'signed-in' })
    const session = await sessionOf(test.runtime, browser)
    const { browser: unasked } = await way(where(apps.none()))
    expect(strengthOf(session)).toEqual(strengthOf(await sessionOf(test.runtime, unasked)))
  })

  it('DEL-03: opens nothing once it is due', async () => {
    const attempt = way({ ...where(apps.none()), meanwhile: dueIn(0) })
    const ended = await attempt.catch((error: unknown) => {
      if (error instanceof SessionOvertaken || error instanceof SudoRequired) return null
      throw error
    })
    expect(ended?.answer.ok ?? false).toBe(false)
    const session = ended && (await nextRequest(test.runtime, ended.browser)).session
    expect(session).toBeNull()
  })
})

it('a reset opens nothing, and so asks for no document', async () => {
  const app = where(apps.required())
  const { email } = await createTestUser(test)
  const browser = createTestCaller()
  await deliverUserResetPasswordInstructions(app.runtime, browser, { email })
  const { props } = findMail(await deliverMail(test), 'resetPassword')
  const input = { token: tokenOf(props.resetUrl), password: 'seven herons over the weir' }
  expect(await resetUserPassword(app.runtime, browser, input)).toMatchObject({ ok: true })
  expect(browser.sessionToken).toBeNull()
})

it('SUDO-01: accepting proves nothing: what was typed before has aged while the page was open', async () => {
  const app = where(apps['asked for']())
  const browser = await signInTestUser(app, await createTestUser(test))
  const { authenticatedAt } = await sessionOf(app.runtime, browser)
  test.advance({ minutes: 11 })
  await acceptUserDocuments(app.runtime, browser, { documents: 'terms:2' })
  expect(await sessionOf(app.runtime, browser)).toMatchObject({
    awaiting: null,
    hasSudo: false,
    authenticatedAt,
  })
})

it('a live session that meets a new version does nothing sensitive in a route that forgot its guard', async () => {
  const user = await createTestUser(test)
  const browser = await signInTestUser(test, user)
  const app = where(apps.required())
  await nextRequest(app.runtime, browser)
  await expect(exportUserData(app.runtime, browser)).rejects.toThrow(SudoRequired)
  await expect(sudoByPassword(app.runtime, browser, { password: user.password })).rejects.toThrow(
    SudoRequired,
  )
})
