import { type CanonicalEmail, parseEmail } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { admitAddress } from '../addresses/admit-address.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { registerUser } from '../register/register-user.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  RaceLost,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { askForEmailChange, changeTestEmail } from '../testing/test-email-change.ts'
import { findMail, tokenOf } from '../testing/test-mail.ts'
import { receiveNotices } from '../testing/test-notice.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword as password } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readAudit } from '../testing/test-snapshot.ts'
import { updateUserEmail } from './update-user-email.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
afterAll(() => test.close())

const rounds = 15

interface Changing {
  user: TestUser
  browser: TestCaller
  /** The address that was asked for. */
  next: string
  token: string
}

async function askInBrowser(): Promise<Changing> {
  const user = await createTestUser(test)
  const browser = await signInTestUser(test, user)
  const { email: next, token } = await askForEmailChange(test, browser)
  return { user, browser, next, token }
}

const confirm = async ({ browser, token }: Pick<Changing, 'browser' | 'token'>) =>
  (await updateUserEmail(test.runtime, browser, { token })).ok

const register = (email: string) => registerUser(test.runtime, createTestCaller(), { email, password })

const secure = async (token: string) => (await secureUser(test.runtime, createTestCaller(), { token })).ok

async function ownersOf(email: string): Promise<string[]> {
  const rows = await test.rows<{ id: string }>(
    sql`select id::text as id from users where email_canonical = ${canonical(email)}`,
  )
  return rows.map(({ id }) => id)
}

const admit = (email: string) =>
  inTransaction(test.runtime, (tx) =>
    admitAddress(tx, canonical(email), { way: 'registration', userId: null }),
  )

function canonical(email: string): CanonicalEmail {
  const address = parseEmail(email)
  if (!address) throw new Error(`not an address: ${email}`)
  return address.canonical
}

describe('LIF-03 while a change of address is confirmed', () => {
  it('the former one goes to nobody who registers it, and stays held', async () => {
    await race('user.emailCanonical', {
      rounds,
      clients: 6,
      prepare: askInBrowser,
      attempt: async (change, client) => {
        if (client === 0) return confirm(change)
        await register(change.user.email)
        return false
      },
      invariant: async ({ user, next }, winners) => {
        expect(winners).toBe(1)
        expect(await ownersOf(next)).toEqual([user.id])
        expect(await ownersOf(user.email)).toEqual([])
        expect(await admit(user.email)).toEqual({ ok: false, reason: 'held' })
      },
    })
  })

  it('the new one has one owner, who registered it first or changed to it', async () => {
    await race('user.emailCanonical', {
      rounds,
      clients: 6,
      prepare: askInBrowser,
      attempt: async (change, client) => {
        if (client === 0) return confirm(change)
        await register(change.next)
        return false
      },
      invariant: async ({ user, next }, winners) => {
        const owners = await ownersOf(next)
        expect(owners).toHaveLength(1)
        expect(owners.includes(user.id)).toBe(winners === 1)
        expect(await ownersOf(user.email)).toEqual(winners === 1 ? [] : [user.id])
      },
    })
  })

  it('two who were sent one address do not both get it', async () => {
    const given = await race('user.emailCanonical', {
      rounds,
      clients: 4,
      prepare: async () => {
        const email = createTestEmail()
        const asked = []
        for (let n = 0; n < 4; n++) {
          const browser = await signInTestUser(test, await createTestUser(test))
          asked.push({ browser, token: (await askForEmailChange(test, browser, { email })).token })
        }
        return { email, asked }
      },
      attempt: async ({ asked }, client) => {
        const own = asked[client]
        return own !== undefined && confirm(own)
      },
      invariant: async ({ email }) => {
        expect(await ownersOf(email)).toHaveLength(1)
      },
    })
    expect(given).toBe(rounds)
  })
})

describe('LIF-08 an undo', () => {
  interface Changed {
    user: TestUser
    browser: TestCaller
    /** Links "This wasn't me" at the old address. */
    tokens: string[]
  }

  /** From A to B, which a notice before it and the notice of it can undo. */
  async function changed(): Promise<Changed> {
    const user = await createTestUser(test)
    const notices = await receiveNotices(test, user)
    const browser = await signInTestUser(test, user)
    const { mailbox } = await changeTestEmail(test, browser)
    const { notMeUrl } = findMail(mailbox, 'emailChanged').props
    return { user, browser, tokens: [...notices.map(({ token }) => token), tokenOf(notMeUrl)] }
  }

  const undone = async ({ email }: TestUser) =>
    (await readAudit(test, email)).filter(({ action }) => action === 'auth.email_change_undone')

  it('happens once, by whichever of the notices, however many press', async () => {
    await race('user.emailCanonical', {
      rounds,
      clients: 6,
      maxWinners: 2, // each link works once
      prepare: changed,
      attempt: ({ tokens }, client) => secure(tokens[client % 2] ?? ''),
      invariant: async ({ user }) => {
        expect(await ownersOf(user.email)).toEqual([user.id])
        expect(await undone(user)).toHaveLength(1)
        const [{ email } = user] = await test.rows<{ email: string }>(
          sql`select new_email as email from user_email_changes where user_id = ${user.id}`,
        )
        expect(await ownersOf(email)).toEqual([])
      },
    })
  })

  it('would happen twice where it looks first and writes then', async () => {
    const naive = race('user.emailCanonical', {
      rounds: 40,
      clients: 6,
      prepare: changed,
      attempt: ({ user }) =>
        inTransaction(test.runtime, async (tx) => {
          const undoable = await tx.rows(
            sql`select from user_email_changes where user_id = ${user.id} and undone_at is null`,
          )
          if (undoable.length === 0) return false
          await tx.rows(sql`update user_email_changes set undone_at = ${tx.now} where user_id = ${user.id}`)
          await tx.rows(
            sql`update users set email = ${user.email}, email_canonical = ${user.canonical} where id = ${user.id}`,
          )
          return true
        }),
      invariant: () => Promise.resolve(),
    })
    await expect(naive).rejects.toThrow(RaceLost)
  })

  /** From A to B, and B to C waits for its link. */
  async function changingAgain(): Promise<Changed & Pick<Changing, 'next' | 'token'>> {
    const first = await changed()
    const { email: next, token } = await askForEmailChange(test, first.browser)
    return { ...first, next, token }
  }

  it('takes along a further change that is confirmed at that moment', async () => {
    await race('user.emailCanonical', {
      rounds,
      clients: 2,
      maxWinners: 2,
      prepare: changingAgain,
      attempt: (change, client) => (client === 0 ? secure(change.tokens[1] ?? '') : confirm(change)),
      invariant: async ({ user, next }) => {
        expect(await ownersOf(user.email)).toEqual([user.id])
        expect(await ownersOf(next)).toEqual([])
        expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
        const open = sql`confirmed_at is null and cancelled_at is null or undo_until is not null and undone_at is null`
        expect(
          await test.rows(sql`select from user_email_changes where user_id = ${user.id} and (${open})`),
        ).toEqual([])
      },
    })
  })

  it('would leave the thief the account where it undoes the change that it was mailed for alone', async () => {
    const naive = race('user.emailCanonical', {
      rounds: 1,
      clients: 2,
      maxWinners: 2,
      prepare: async () => ({ ...(await changingAgain()), confirmed: Promise.withResolvers<void>() }),
      attempt: async (change, client) => {
        const { user, confirmed } = change
        if (client === 1) return confirm(change).finally(confirmed.resolve)
        return inTransaction(test.runtime, async (tx) => {
          const [undone] = await tx.rows<{ next: string }>(sql`
            select new_email_canonical as next from user_email_changes
            where user_id = ${user.id} and old_email_canonical = ${user.canonical}`)
          await confirmed.promise // the worst moment, each time
          const rows = await tx.rows(sql`
            update users set email = ${user.email}, email_canonical = ${user.canonical}
            where id = ${user.id} and email_canonical = ${undone?.next} returning 1`)
          return rows.length > 0
        })
      },
      invariant: async ({ user }) => {
        expect(await ownersOf(user.email)).toEqual([user.id])
      },
    })
    await expect(naive).rejects.toThrow('deeply equal')
  })
})
