import { createSoftwarePasskey } from '@sigra/core/testing'
import { expect } from 'vitest'
import type { ProofMethod } from '../../door/proof-method.ts'
import { addUserPasskey } from '../../passkeys/add-user-passkey.ts'
import { createPasskeyEnrolment } from '../../passkeys/create-passkey-enrolment.ts'
import { createPasskeyLogIn, logInUserByPasskey } from '../../passkeys/log-in-user-by-passkey.ts'
import { removeUserPasskey } from '../../passkeys/remove-user-passkey.ts'
import { createPasskeySudo, sudoByPasskey } from '../../passkeys/sudo-by-passkey.ts'
import {
  createPasskeySecondFactor,
  verifySecondFactorByPasskey,
} from '../../passkeys/verify-second-factor-by-passkey.ts'
import { stepOf } from '../../sessions/session.ts'
import { giveSudo } from '../model/give-sudo.ts'
import { settingsStep } from '../model/settings-step.ts'
import { hasSudo, noteSignIn } from '../model/sign-in-evidence.ts'
import { choose, type Scene, type Step } from '../model/step.ts'
import {
  type Account,
  arrive,
  attempt,
  type Evidence,
  isChallenged,
  newCodes,
  nowOf,
} from '../model/world.ts'

const addPasskey: Step = {
  name: 'add a passkey',
  suits: ({ world, browser, pick }) =>
    (pick % 2 === 0 && browser.evidence?.awaiting === 'enrolment') || hasSudo(world, browser),
  async run({ world, browser }) {
    const { evidence } = browser
    const { runtime } = world.test
    const caller = await arrive(world, browser)
    const isAllowed = evidence?.awaiting === 'enrolment' || hasSudo(world, browser)
    const start = await attempt(() => createPasskeyEnrolment(runtime, caller))
    if (!start.ok) return false
    const key = createSoftwarePasskey()
    const response = key.enrol(start.options, runtime.origin.origin)
    const addedAt = nowOf(world) // before the session that it opens
    const added = await attempt(() => addUserPasskey(runtime, caller, { response }))
    if (!added.ok || !evidence) return false
    expect(isAllowed, 'a passkey without sudo').toBe(true)
    const { account, proven, remembered } = evidence
    const isOlderThanStep = !isChallenged(account)
    account.passkeys = [...account.passkeys, { id: added.passkeyId, key, addedAt }]
    account.epoch += 1
    if (evidence.awaiting === null) evidence.isOlderThanStep ||= isOlderThanStep
    else {
      const all = [...proven, 'pop', 'user'] as const
      noteSignIn(world, browser, account, {
        proven: all,
        remembered,
        outcome: added.outcome,
        acceptsTrust: false,
      })
    }
    return { about: { passkeyId: added.passkeyId } }
  },
}

async function removeOne(scene: Scene, { account }: Evidence): Promise<Partial<Account> | null> {
  const { world, browser } = scene
  const passkey = choose(scene, account.passkeys)
  if (!passkey) return null
  const caller = await arrive(world, browser)
  const result = await attempt(() => removeUserPasskey(world.test.runtime, caller, { passkeyId: passkey.id }))
  if (!result.ok) return null
  const passkeys = account.passkeys.filter((each) => each !== passkey)
  expect(passkeys.length > 0 || account.password !== null, 'the last way in').toBe(true)
  const isLast = passkeys.length === 0 && account.app === null
  return { passkeys, ...(isLast ? { requiresStep: false, ...newCodes(world, []) } : {}) }
}

const removePasskey = settingsStep('remove a passkey', removeOne, {
  mayHelp: ({ browser, pick }) => pick % 2 === 0 && (browser.evidence?.account.passkeys.length ?? 0) > 0,
})

const logInByPasskey: Step = {
  name: 'log in by passkey',
  weight: 3,
  suits: ({ person }) => (person.account?.passkeys.length ?? 0) > 0,
  async run(scene) {
    const { world, person, browser } = scene
    const { account } = person
    const passkey = account && choose(scene, account.passkeys)
    if (!account || !passkey) return false
    const { runtime } = world.test
    const caller = await arrive(world, browser)
    const response = passkey.key.authenticate(
      await createPasskeyLogIn(runtime, caller),
      runtime.origin.origin,
    )
    const result = await logInUserByPasskey(runtime, caller, { response })
    if (result.ok) {
      const proven: ProofMethod[] = ['pop', 'user']
      noteSignIn(world, browser, account, { proven, remembered: false, outcome: result.outcome })
    }
    const again = await logInUserByPasskey(runtime, await arrive(world, browser), { response })
    expect(again.ok, 'one answer, twice').toBe(false)
    return result.ok
  },
}

const answerByPasskey: Step = {
  name: 'answer the challenge by a passkey',
  weight: 8,
  suits: ({ browser: { evidence } }) =>
    evidence?.awaiting === 'second-factor' && evidence.account.passkeys.length > 0,
  async run(scene) {
    const { world, browser, pick, person } = scene
    const { evidence } = browser
    // Also one of somebody else, which knows only its own owner.
    const passkeys = (pick % 4 === 0 ? person.account : evidence?.account)?.passkeys ?? []
    const passkey = choose(scene, passkeys)
    const { runtime } = world.test
    const caller = await arrive(world, browser)
    const start = await createPasskeySecondFactor(runtime, caller)
    if (!start.ok || !passkey) return false
    const response = passkey.key.authenticate(start.options, runtime.origin.origin)
    const result = await verifySecondFactorByPasskey(runtime, caller, {
      response,
      trustBrowser: pick % 3 === 0,
    })
    if (!result.ok) return false
    expect(evidence?.awaiting).toBe('second-factor')
    expect(evidence?.account.passkeys, 'a foreign passkey').toContain(passkey)
    if (evidence) {
      const { account, remembered } = evidence
      const proven: ProofMethod[] = [...evidence.proven, 'pop', 'user']
      noteSignIn(world, browser, account, {
        proven,
        remembered,
        outcome: result.outcome,
        trusts: pick % 3 === 0,
      })
    }
    return true
  },
}

const byPasskey: Step = {
  name: 'sudo by passkey',
  suits: ({ browser: { evidence } }) => evidence?.awaiting === null && evidence.account.passkeys.length > 0,
  async run(scene) {
    const { world, browser, person, pick } = scene
    const { evidence } = browser
    const passkeys = (pick % 4 === 0 ? person.account : evidence?.account)?.passkeys ?? []
    const passkey = choose(scene, passkeys)
    if (evidence?.awaiting !== null || !passkey) return false
    const { runtime } = world.test
    const caller = await arrive(world, browser)
    if (caller.session === null || stepOf(caller.session) !== null) return false // or its documents come first
    const response = passkey.key.authenticate(await createPasskeySudo(runtime, caller), runtime.origin.origin)
    const result = await attempt(() => sudoByPasskey(runtime, caller, { response }))
    if (!result.ok) return false
    expect(evidence.account.passkeys, 'a foreign passkey').toContain(passkey)
    return giveSudo(scene, evidence, 'passkey', ['pop', 'user'])
  },
}

/** What people do with passkeys, in the model. */
export const passkeySteps: readonly Step[] = [
  addPasskey,
  removePasskey,
  logInByPasskey,
  answerByPasskey,
  byPasskey,
]
