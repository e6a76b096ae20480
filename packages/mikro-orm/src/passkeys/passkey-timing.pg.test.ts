import type { CeremonyChanges } from '@sigra/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestRuntime, isSameTimingClass, recordQueries, type TestRuntime } from '../testing/index.ts'
import {
  answerLogIn,
  createFreshBrowser,
  createPasskeyUser,
  enrolTestPasskey,
  type PasskeyUser,
  type TestPasskey,
} from '../testing/passkeys/test-passkey.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { logInUserByPasskey } from './log-in-user-by-passkey.ts'
import { removeUserPasskey } from './remove-user-passkey.ts'

describe('a passkey that is not let in', () => {
  let test: TestRuntime
  let owner: PasskeyUser
  let unknown: TestPasskey
  beforeAll(async () => {
    test = await createTestRuntime({ plansAnew: true, policy: { ...generousLimits, ...cheapHashing } })
    owner = await createPasskeyUser(test)
    // Enrolled and removed: it answers like any other, and nobody knows it any more.
    unknown = await enrolTestPasskey(test, owner.browser, {})
    await removeUserPasskey(test.runtime, owner.browser, { passkeyId: unknown.id })
  })
  afterAll(() => test.close())

  const signatureOff: CeremonyChanges = {
    signature: (bytes) => bytes.map((byte, at) => (at === 9 ? byte ^ 1 : byte)),
  }
  /** Whoever tries an id they only read somewhere has the key of it as little as the handle of its owner. */
  const ownerOff: CeremonyChanges = { ...signatureOff, userHandle: new Uint8Array(64) }

  /** @returns Milliseconds that a good challenge took which was answered like this. */
  async function enter(passkey: TestPasskey, changes: CeremonyChanges): Promise<number> {
    const browser = createFreshBrowser()
    const response = await answerLogIn(test, browser, passkey, changes)
    const startedAt = performance.now()
    const result = await logInUserByPasskey(test.runtime, browser, { response })
    expect(result).toEqual({ ok: false, reason: 'invalid-passkey' })
    return performance.now() - startedAt
  }

  it.each([
    ['a signature that is a bit off', signatureOff],
    ['the handle of another owner', ownerOff],
  ])('ENUM-11 costs the same statements and one verification, known or not: %s', async (_, changes) => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const asked = []
    for (const passkey of [owner.passkey, unknown]) {
      verify.mockClear()
      const queries = await recordQueries(test.orm, () => enter(passkey, changes))
      asked.push({ queries, verifications: verify.mock.calls.length })
    }
    verify.mockRestore()
    expect(asked[0]?.queries.length).toBeGreaterThan(0)
    expect(asked[0]?.verifications).toBe(1)
    expect(asked[1]).toEqual(asked[0])
  })

  it.each([
    ['a signature that is a bit off', signatureOff],
    ['the handle of another owner', ownerOff],
  ])('ENUM-11 takes the same time, known or not: %s', async (_, changes) => {
    const isSame = await isSameTimingClass(40, {
      first: () => enter(owner.passkey, changes),
      second: () => enter(unknown, changes),
    })
    expect(isSame).toBe(true)
  })
})
