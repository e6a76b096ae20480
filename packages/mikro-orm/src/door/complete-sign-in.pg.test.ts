import { ConfigInvalid } from '@sigra/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql, type Sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { completeSignIn } from './complete-sign-in.ts'
import { type Proof, provePassword, proveRegistration } from './proof.ts'
import type { SignInOutcome } from './sign-in.ts'

describe('completeSignIn', () => {
  let test: TestRuntime
  let user: TestUser
  beforeAll(async () => {
    test = await createTestRuntime()
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    user = await createTestUser(test, { hashedPassword: 'stored' })
  })

  const set = (change: Sql) => test.rows(sql`update users set ${change} where id = ${user.id}`)
  const open = (
    browser = createTestCaller(),
    proof: Proof = provePassword(user.id, 'stored'),
    runtime = test.runtime,
  ): Promise<SignInOutcome> =>
    inTransaction(runtime, (tx) =>
      completeSignIn(tx, browser, proof, { method: 'password', remembered: false }),
    )
  const sessions = () => test.rows(sql`select awaiting from user_sessions where user_id = ${user.id}`)

  it('opens for a confirmed user', async () => {
    expect(await open()).toMatchObject({ outcome: 'signed-in' })
    expect(await sessions()).toEqual([{ awaiting: null }])
  })

  it.each([
    ['unconfirmed comes before disabled', sql`confirmed_at = null, disabled_at = now()`, 'unconfirmed'],
    [
      'disabled comes before every next step',
      sql`disabled_at = now(), must_change_password = true`,
      'disabled',
    ],
  ])('%s, and leaves nothing behind', async (_, change, reason) => {
    await set(change)
    const browser = createTestCaller()
    expect(await open(browser)).toEqual({ outcome: 'refused', reason })
    expect(browser.sessionToken).toBeNull()
    expect(await sessions()).toEqual([])
  })

  it.each([
    [
      'the second step comes before the password change',
      sql`require_second_step = true, must_change_password = true`,
      'second-factor-enrolment-required',
      'enrolment',
    ],
    [
      'the password change comes last',
      sql`must_change_password = true`,
      'password-change-required',
      'password-change',
    ],
  ])('%s, and leaves a pending row', async (_, change, outcome, awaiting) => {
    await set(change)
    const browser = createTestCaller()
    expect(await open(browser)).toMatchObject({ outcome })
    expect(browser).toMatchObject({ remembered: false, maxAgeSeconds: null })
    expect(await sessions()).toEqual([{ awaiting }])
  })

  it('lets the unconfirmed in where the host wants that', async () => {
    await set(sql`confirmed_at = null`)
    const runtime = { ...test.runtime, policy: { ...test.runtime.policy, requireConfirmation: false } }
    expect(await open(undefined, undefined, runtime)).toMatchObject({ outcome: 'signed-in' })
  })

  it('stays shut for a proof that no longer holds', async () => {
    await set(sql`hashed_password = 'another'`)
    expect(await open()).toEqual({ outcome: 'refused', reason: 'changed' })
    expect(await sessions()).toEqual([])
  })

  it.each([
    ['another password was stored', sql`hashed_password = 'another'`],
    ['the password is gone', sql`hashed_password = null`],
    ['it is registered to another browser', sql`registration_browser_hash = sha256('other')`],
    ['it is registered to none', sql`registration_browser_hash = null`],
  ])('PRE-15 stays shut for who registered, once %s', async (_, change) => {
    const browserHash = Buffer.alloc(32, 7)
    const proof = proveRegistration(user.id, { hashedPassword: 'stored', browserHash, isPasswordFresh: true })
    await set(sql`registration_browser_hash = ${browserHash}`)
    expect(await open(undefined, proof)).toMatchObject({ outcome: 'signed-in' })
    await set(change)
    expect(await open(undefined, proof)).toEqual({ outcome: 'refused', reason: 'changed' })
  })

  it('stays shut for what only looks like a proof', async () => {
    const forged: Proof = { userId: user.id, amr: ['pwd'], aal: 2, stillHolds: sql`true`, provenAt: null }
    await expect(open(undefined, forged)).rejects.toThrow(ConfigInvalid)
    await expect(open(undefined, { ...provePassword(user.id, 'stored'), aal: 2 })).rejects.toThrow(
      ConfigInvalid,
    )
    expect(await sessions()).toEqual([])
  })

  it('hands no token out when the transaction is rolled back', async () => {
    const browser = createTestCaller()
    await expect(
      inTransaction(test.runtime, async (tx) => {
        await completeSignIn(tx, browser, provePassword(user.id, 'stored'), {
          method: 'password',
          remembered: true,
        })
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(browser.sessionToken).toBeNull()
    expect(await sessions()).toEqual([])
  })
})
