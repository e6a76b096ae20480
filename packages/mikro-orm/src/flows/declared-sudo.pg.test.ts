import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import type { Credential } from '../door/credential.ts'
import { credentialsOf } from '../door/credentials.ts'
import { SudoRequired } from '../sudo/sudo-session.ts'
import { changingCalls, flowOf } from '../testing/changing-calls.ts'
import { declaredFlows, findDeclaration } from '../testing/declared-flows.ts'
import { heldCalls } from '../testing/held-calls.ts'
import { createTestCaller, createTestRuntime, type TestRuntime } from '../testing/index.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { snapshot, snapshotOfAreas } from '../testing/test-snapshot.ts'

/** Flows that change a credential and prove in another way than by sudo who is there, each with its way. */
const otherProofs: Record<string, string> = {
  changeRequiredPassword: 'a sign-in that was made a moment ago and waits for just that',
  confirmUserWithNewPassword: 'a mailed link was used up in the same transaction',
  issueUserBackupCodes: 'a sign-in that proved two factors and waits for just that',
  registerByInvitation: 'the link of an invitation was used up in the same transaction',
  registerUser: 'an address nobody has confirmed',
  rejectRegistration: 'a mailed link was used up in the same transaction',
  resetUserPassword: 'the same',
  secureUser: 'the same',
}

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

const sudoOf = (name: string) => findDeclaration(name)?.sudo ?? false
const withSudo = Object.entries(heldCalls).filter(([name]) => ![false, 'given'].includes(sudoOf(name)))
const giving = Object.entries(heldCalls).filter(([name]) => sudoOf(name) === 'given')

/** What people sign in with, without what using it changes: counters, steps, when a code was used. */
async function credentials(): Promise<string> {
  const { user, userTotp, userBackupCode } = test.runtime.tables
  return JSON.stringify([
    await test.rows(sql`select id, hashed_password, require_second_step from ${user.name} order by id`),
    await test.rows(
      sql`select id, user_id, sealed_secret, pending_secret, activated_at from ${userTotp.name} order by id`,
    ),
    await test.rows(sql`select id, user_id from ${userBackupCode.name} order by id`),
    ...(await Promise.all(credentialsOf(test.runtime).map(fingerprints))),
  ])
}

/** Whose there are by an area, and which. */
function fingerprints({ table, fingerprint }: Credential): Promise<unknown[]> {
  return test.rows(sql`
    select f.user_id, ${fingerprint} as fingerprint from ${table.name} f group by f.user_id order by f.user_id`)
}

/** Everything that there is. */
async function everything(): Promise<string> {
  return (await snapshot(test)) + (await credentials()) + (await snapshotOfAreas(test))
}

describe('what a flow declares about sudo', () => {
  it.each(withSudo)('SUDO-01: %s changes nothing without a fresh one', async (_, arrange) => {
    const { browser, run } = await arrange(test)
    const { session } = browser
    const before = await everything()
    for (const state of [{ hasSudo: false }, { awaiting: 'password-change' }] as const) {
      const caller = createTestCaller({ ...browser, session: session && { ...session, ...state } })
      await expect(run(test.runtime, caller)).rejects.toThrow(SudoRequired)
    }
    await expect(run(test.runtime, createTestCaller())).rejects.toThrow(SudoRequired)
    expect(await everything()).toBe(before)
  })

  it.each(giving)('SUDO-01: %s gives it to no stranger and to no sign-in that waits', async (_, arrange) => {
    const { browser, run } = await arrange(test)
    const { session } = browser
    const before = await everything()
    const pending = createTestCaller({
      ...browser,
      session: session && { ...session, awaiting: 'password-change' },
    })
    await expect(run(test.runtime, pending)).rejects.toThrow(SudoRequired)
    await expect(run(test.runtime, createTestCaller())).rejects.toThrow(SudoRequired)
    expect(await everything()).toBe(before)
  })

  it('is that whatever gives sudo says so', () => {
    const named = declaredFlows.filter(({ sudo }) => sudo === 'given').map(({ name }) => name)
    expect(named.sort()).toEqual([
      'createPasskeySudo',
      'deliverUserSudoCode',
      'sudoByCode',
      'sudoByPasskey',
      'sudoByPassword',
      'sudoBySecondFactor',
    ])
  })

  it('is that a change of how somebody signs in asks for it, or proves in another way who is there', async () => {
    const unasked = new Set<string>()
    for (const { call, arrange } of changingCalls) {
      const flow = findDeclaration(flowOf(call))
      if (!flow || (flow.sudo !== false && flow.sudo !== 'given')) continue
      const { run, from } = await arrange(test)
      const before = await credentials()
      await run(from ?? createTestCaller())
      if ((await credentials()) !== before) unasked.add(flow.name)
    }
    expect([...unasked].sort()).toEqual(Object.keys(otherProofs).sort())
  })
})
