import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { SessionOvertaken } from '../sessions/continue-session.ts'
import { declaredFlows, findDeclaration } from '../testing/declared-flows.ts'
import { flowCalls } from '../testing/flow-calls.ts'
import type { HeldCall } from '../testing/held-call.ts'
import { heldCalls } from '../testing/held-calls.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { logInBrowser } from '../testing/test-second-factor.ts'
import { renewTestSession, signInTestUser } from '../testing/test-session.ts'
import { snapshot, snapshotOfAreas } from '../testing/test-snapshot.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

const flows = Object.entries(heldCalls)

/** What anybody may do, or the holder of a mail, in a browser where somebody is signed in. */
const others = flowCalls.filter(({ call }) => isOfAnybody(call))

function isOfAnybody(call: string): boolean {
  const flow = findDeclaration(call)
  return flow?.changes === true && (flow.principal === 'visitor' || flow.principal === 'mail')
}

/** A request with a copy of a browser's cookies, looked up and then held back. */
function held({ session, sessionToken, browserToken, trustTokens }: TestCaller) {
  const written: string[] = []
  const note = (name: string) => () => void written.push(name)
  const caller = createTestCaller({ session, sessionToken, browserToken, trustTokens })
  caller.effects = {
    setSession: note('session'),
    clearSession: note('session taken away'),
    setBrowser: note('browser'),
    setTrusted: note('trust'),
  }
  return { caller, written }
}

/** The owner goes on: their step-up, a change of their password and every raise give the session another token. */
async function goOn({ user, browser }: HeldCall): Promise<void> {
  if (browser.session?.awaiting === null) await renewTestSession(test.runtime, browser)
  else await logInBrowser(test, user, browser)
}

async function everything(): Promise<string> {
  const { userTotp, userBackupCode } = test.runtime.tables
  const rows = []
  for (const table of [userTotp, userBackupCode])
    rows.push(await test.rows(sql`select to_jsonb(x) as row from ${table.name} x order by id`))
  return JSON.stringify(rows) + (await snapshotOfAreas(test)) + (await snapshot(test))
}

describe('a request that was held back', () => {
  it.each(flows)('%s goes through while nothing else happens', async (_, arrange) => {
    const call = await arrange(test)
    const { caller } = held(call.browser)
    await expect(call.run(test.runtime, caller)).resolves.not.toMatchObject({ ok: false })
  })

  it.each(flows)(
    'SESS-20: %s changes nothing, and no cookie, once the session has gone on',
    async (_, arrange) => {
      const call = await arrange(test)
      const { caller, written } = held(call.browser)
      await goOn(call)
      const before = await everything()
      await expect(call.run(test.runtime, caller)).rejects.toThrow(SessionOvertaken)
      expect(await everything()).toBe(before)
      expect(written).toEqual([])
      expect((await nextRequest(test.runtime, call.browser)).session).not.toBeNull()
    },
  )

  it.each(flows.filter(([name]) => name !== 'logOutUser'))(
    'SESS-20: %s changes nothing, and no cookie, once the account is disabled',
    async (_, arrange) => {
      const call = await arrange(test)
      const { caller, written } = held(call.browser)
      await test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${call.user.id}`)
      const before = await everything()
      await expect(call.run(test.runtime, caller)).rejects.toThrow(SessionOvertaken)
      expect(await everything()).toBe(before)
      expect(written).toEqual([])
    },
  )

  it('SESS-20: is tried with every flow of a visitor', () => {
    const names = declaredFlows.map(({ name }) => name).filter(isOfAnybody)
    expect(names.filter((name) => !others.some(({ call }) => call === name))).toEqual([])
  })

  it.each(others.map((call) => [call.call, call] as const))(
    'SESS-20: %s leaves a session alone that has gone on, which it would have ended as its own',
    async (_, { arrange }) => {
      const { run, from } = await arrange(test)
      const owner = await signInTestUser(test, await createTestUser(test))
      const { caller } = held({ ...owner, browserToken: from?.browserToken ?? owner.browserToken })
      await renewTestSession(test.runtime, owner)
      expect(await run(caller)).not.toMatchObject({ ok: false })
      expect((await nextRequest(test.runtime, owner)).session).not.toBeNull()
    },
  )
})
