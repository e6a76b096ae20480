import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logInUserByMagicCode } from '../magic-link/log-in-user-by-magic-code.ts'
import { createPasskeyEnrolment } from '../passkeys/create-passkey-enrolment.ts'
import { listUserPasskeys } from '../passkeys/list-user-passkeys.ts'
import { removeUserPasskey } from '../passkeys/remove-user-passkey.ts'
import { renameUserPasskey } from '../passkeys/rename-user-passkey.ts'
import type { Runtime } from '../runtime.ts'
import { activateUserTotp } from '../second-factor/activate-user-totp.ts'
import { regenerateUserBackupCodes } from '../second-factor/regenerate-user-backup-codes.ts'
import { requireUserSecondStep } from '../second-factor/require-user-second-step.ts'
import { revokeAllUserSessions, revokeOtherUserSessions } from '../sessions/revoke-user-sessions.ts'
import { changeUserPassword, setUserPassword } from '../settings/change-user-password.ts'
import { sudoBySecondFactor } from '../sudo/sudo-by-second-factor.ts'
import { deliverUserSudoCode, sudoByCode } from '../sudo/sudo-code.ts'
import { type FlowCall, flowCalls } from './flow-calls.ts'
import {
  createTestContext,
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestContext,
  type TestRuntime,
} from './index.ts'
import { createPasskeyUser } from './test-passkey.ts'
import { createTestEmail } from './test-registration.ts'
import { createTotpUser } from './test-second-factor.ts'
import { signInTestUser } from './test-session.ts'
import { cheapHashing, generousLimits } from './test-policy.ts'

type Call = Pick<FlowCall, 'call' | 'arrange'>

/** The browser of somebody who has just signed in, and what is called from it. */
const from = (
  call: string,
  arrange: (test: TestRuntime) => Promise<TestContext>,
  run: (test: TestRuntime, ctx: TestContext) => Promise<unknown>,
): Call => ({
  call,
  async arrange(test) {
    const browser = await arrange(test)
    return { run: (ctx) => run(test, ctx), hidden: [], from: browser }
  },
})
const anybody = async (test: TestRuntime) => signInTestUser(test, await createTestUser(test))
const withPasskey = async (test: TestRuntime) => (await createPasskeyUser(test)).browser
const withApp = async (test: TestRuntime) => (await createTotpUser(test)).browser
const wrong = '000000'
const password = 'seven herons over the weir'

/** What publishes no flow of its own, or another one of the same name. */
const furtherCalls: Call[] = [
  from('changeUserPassword', anybody, ({ runtime }, ctx) => changeUserPassword(runtime, ctx, { password })),
  from('setUserPassword', anybody, ({ runtime }, ctx) => setUserPassword(runtime, ctx, { password })),
  from('activateUserTotp', anybody, ({ runtime }, ctx) => activateUserTotp(runtime, ctx, { code: wrong })),
  from('regenerateUserBackupCodes', withApp, ({ runtime }, ctx) => regenerateUserBackupCodes(runtime, ctx)),
  from('requireUserSecondStep', withPasskey, ({ runtime }, ctx) =>
    requireUserSecondStep(runtime, ctx, { isRequired: true }),
  ),
  from('createPasskeyEnrolment', anybody, ({ runtime }, ctx) => createPasskeyEnrolment(runtime, ctx)),
  from('renameUserPasskey', withPasskey, async ({ runtime }, ctx) =>
    renameUserPasskey(runtime, ctx, { passkeyId: await firstPasskey(runtime, ctx), nickname: 'Blue phone' }),
  ),
  from('removeUserPasskey', withPasskey, async ({ runtime }, ctx) =>
    removeUserPasskey(runtime, ctx, { passkeyId: await firstPasskey(runtime, ctx) }),
  ),
  from('sudoBySecondFactor', withApp, ({ runtime }, ctx) =>
    sudoBySecondFactor(runtime, ctx, { code: wrong }),
  ),
  from('sudoByCode', anybody, ({ runtime }, ctx) => sudoByCode(runtime, ctx, { code: wrong })),
  from('deliverUserSudoCode', anybody, ({ runtime }, ctx) => deliverUserSudoCode(runtime, ctx)),
  from('logInUserByMagicCode', anybody, ({ runtime }, ctx) =>
    logInUserByMagicCode(runtime, ctx, { email: createTestEmail(), code: wrong }),
  ),
  from('revokeOtherUserSessions', anybody, ({ runtime }, ctx) => revokeOtherUserSessions(runtime, ctx)),
  from('revokeAllUserSessions', anybody, ({ runtime }, ctx) => revokeAllUserSessions(runtime, ctx)),
]

const calls: Call[] = [...flowCalls, ...furtherCalls]

async function firstPasskey(runtime: Runtime, ctx: TestContext): Promise<string | undefined> {
  return (await listUserPasskeys(runtime, ctx))[0]?.id
}

/** Calls that hash nothing and may write without a bucket, each with its reason. */
const unlimited: Record<string, string> = {
  logOutUser: 'ends one session, that of the cookie, and must never be refused',
  resolveSession: 'writes when a session was last seen, once in five minutes',
  deleteAllUserSessionTokens: 'is called by the host, for whom it ends sessions',
  sweepExpired: 'is called by the worker',
  revokeOtherUserSessions:
    'ends sessions for whoever just proved again who they are, and must never be refused',
  revokeAllUserSessions: 'the same',
}

/** What came first: a bucket, or what belongs behind one. */
type Step = 'charge' | 'hash' | 'write'

describe('RL-02 a flow', () => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())

  /** The steps of a call in their order. */
  async function stepsOf(call: Call): Promise<Step[]> {
    const { hasher } = test.runtime
    const steps: Step[] = []
    let seen = 0
    const { run, from: browser } = await call.arrange(test)
    await recordQueries(test.orm, async (texts) => {
      const read = () => {
        for (const text of texts.slice(seen)) steps.push(...stepOf(text))
        seen = texts.length
      }
      const watched = { ...test.runtime.hasher }
      const note =
        <Arguments extends unknown[], T>(work: (...given: Arguments) => T) =>
        (...given: Arguments) => {
          read()
          steps.push('hash')
          return work(...given)
        }
      watched.hash = note(hasher.hash)
      watched.verify = note(hasher.verify)
      Object.assign(test.runtime, { hasher: watched })
      try {
        await run(browser ?? createTestContext())
      } finally {
        Object.assign(test.runtime, { hasher })
      }
      read()
    })
    return steps
  }

  it.each(calls.filter(({ call }) => !(call in unlimited)).map((call) => [call.call, call] as const))(
    'charges a bucket before it hashes or writes: %s',
    async (_, call) => {
      const steps = await stepsOf(call)
      expect(steps.filter((step) => step !== 'charge').length > 0 ? steps[0] : 'charge').toBe('charge')
    },
  )

  it.each(calls.filter(({ call }) => call in unlimited).map((call) => [call.call, call] as const))(
    'that is never refused hashes nothing: %s',
    async (_, call) => {
      expect(await stepsOf(call)).not.toContain('hash')
    },
  )
})

function stepOf(text: string): Step[] {
  if (/wanted_client as materialized/.test(text)) return ['charge']
  return /\b(?:insert into|update "|delete from|add_job)/i.test(text) ? ['write'] : []
}
