import { expect } from 'vitest'
import { acceptUserDocuments } from '../../consent/accept-user-documents.ts'
import { logInUser } from '../../log-in/log-in-user.ts'
import { logOutUser } from '../../log-out/log-out-user.ts'
import { verifyUserSecondFactor } from '../../second-factor/verify-user-second-factor.ts'
import { changeRequiredPassword } from '../../settings/change-required-password.ts'
import { chooseCode, spendCode, type TriedCode } from './codes.ts'
import { choosePassword } from './mail-steps.ts'
import { noteSignIn, noteStep } from './sign-in-evidence.ts'
import { awaits, type Scene, type Step } from './step.ts'
import { arrive, attempt, changeCredentials, type Evidence, lacksConsent } from './world.ts'

const logIn: Step = {
  name: 'log in by password',
  weight: 2,
  suits: ({ person, browser, pick }) =>
    person.account !== null && (browser.evidence === null || pick % 4 === 0),
  async run(scene) {
    const { world, person, browser, pick } = scene
    const { account, email } = person
    const password = pick % 4 === 0 ? choosePassword(scene) : (account?.password ?? choosePassword(scene))
    const rememberMe = pick % 5 === 0
    const isRight = account?.password === password && account.confirmed
    const input = { email, password, rememberMe }
    const result = await logInUser(world.test.runtime, await arrive(world, browser), input)
    if (!result.ok) {
      if (result.reason === 'disabled') expect(isRight, 'told to somebody who is not the owner').toBe(true)
      return false
    }
    expect(isRight, 'let in by a password that is not the one').toBe(true)
    if (account) {
      noteSignIn(world, browser, account, {
        proven: ['pwd'],
        remembered: rememberMe,
        outcome: result.outcome,
      })
    }
    return true
  },
}

const logOut: Step = {
  name: 'log out',
  suits: ({ browser, pick }) => browser.evidence !== null && pick % 3 === 0,
  async run({ world, browser }) {
    const caller = await arrive(world, browser)
    const result = await attempt(() => logOutUser(world.test.runtime, caller))
    if (!result.ok) return false // by the token of a session that was ended elsewhere
    const wasIn = browser.evidence !== null
    browser.evidence = null
    return wasIn
  },
}

const logOutDisabled: Step = {
  name: 'log out while the account is disabled',
  weight: 4,
  suits: ({ browser }) => browser.evidence?.account.disabled === true,
  async run(scene) {
    const isDisabled = scene.browser.evidence?.account.disabled === true
    await logOut.run(scene)
    return isDisabled
  },
}

const typeSecondFactor: Step = {
  name: 'answer the challenge by a code',
  weight: 8,
  suits: awaits('second-factor'),
  async run(scene) {
    const { world, browser, pick } = scene
    const { evidence } = browser
    const tried = chooseCode(scene, evidence?.account)
    const input = { ...tried.input, trustBrowser: pick % 3 === 0 }
    const isAsked = evidence?.awaiting === 'second-factor'
    const result = await verifyUserSecondFactor(world.test.runtime, await arrive(world, browser), input)
    if (!result.ok) return false
    expect(isAsked && tried.isRight, 'a wrong, used or foreign code, or nobody had asked').toBe(true)
    if (evidence) finish(scene, evidence, tried, result.outcome, input.trustBrowser)
    return true
  },
}

function finish(
  { world, browser }: Scene,
  { account, proven, remembered }: Evidence,
  tried: TriedCode,
  outcome: Parameters<typeof noteSignIn>[3]['outcome'],
  trusts: boolean,
): void {
  spendCode(account, tried)
  noteSignIn(world, browser, account, { proven: [...proven, tried.method], remembered, outcome, trusts })
}

const changeRequired: Step = {
  name: 'change the password the door demands',
  weight: 6,
  suits: awaits('password-change'),
  async run(scene) {
    const { world, browser } = scene
    const { evidence } = browser
    const password = choosePassword(scene)
    const mayPass = evidence?.awaiting === 'password-change' && evidence.account.password !== password
    const result = await changeRequiredPassword(world.test.runtime, await arrive(world, browser), {
      password,
    })
    if (!result.ok) return false
    expect(mayPass, 'nobody had asked, or it is the old one').toBe(true)
    if (evidence) {
      const { account } = evidence
      changeCredentials(world, account, browser)
      Object.assign(account, { password, mustChange: false })
      noteStep(world, browser, evidence, result.outcome)
    }
    return true
  },
}

const acceptTerms: Step = {
  name: 'accept the terms',
  weight: 6,
  suits: ({ world, browser: { evidence } }) =>
    evidence !== null && (evidence.awaiting === 'consent' || lacksConsent(world, evidence.account)),
  async run({ world, browser, pick }) {
    const { evidence } = browser
    const caller = await arrive(world, browser)
    const isLive = caller.session?.mustConsent === true
    const version = pick % 4 === 0 ? world.terms.version - 1 : world.terms.version // what another tab still shows
    const result = await acceptUserDocuments(world.test.runtime, caller, { documents: `terms:${version}` })
    if (!result.ok) return false
    expect(evidence?.awaiting === 'consent' || isLive, 'nobody had asked').toBe(true)
    if (!evidence) return false
    const { account } = evidence
    const wasLacking = lacksConsent(world, account)
    if (wasLacking) expect(version, 'a version that nobody reads any more').toBe(world.terms.version)
    if (version === world.terms.version) account.accepted = version
    if (isLive) return true
    noteStep(world, browser, evidence, result.outcome)
    return true
  },
}

export const signInSteps: readonly Step[] = [
  logIn,
  typeSecondFactor,
  changeRequired,
  acceptTerms,
  logOut,
  logOutDisabled,
]
