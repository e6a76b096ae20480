import { expect } from 'vitest'
import { sudoByPassword } from '../../sudo/sudo-by-password.ts'
import { sudoBySecondFactor } from '../../sudo/sudo-by-second-factor.ts'
import { deliverUserSudoCode, sudoByCode } from '../../sudo/sudo-code.ts'
import { chooseCode, spendCode } from './codes.ts'
import { giveSudo } from './give-sudo.ts'
import { isAlive } from './letters.ts'
import { choosePassword } from './mail-steps.ts'
import { chooseLetter, type Step } from './step.ts'
import { arrive, attempt, isChallenged } from './world.ts'

const byPassword: Step = {
  name: 'sudo by password',
  suits: ({ browser: { evidence }, pick }) =>
    evidence?.awaiting === null &&
    evidence.account.password !== null &&
    (!isChallenged(evidence.account) || pick % 2 === 0),
  async run(scene) {
    const { world, browser, pick } = scene
    const { evidence } = browser
    const password = pick % 4 === 0 ? choosePassword(scene) : evidence?.account.password
    const caller = await arrive(world, browser)
    const result = await attempt(() => sudoByPassword(world.test.runtime, caller, { password }))
    if (!result.ok || !evidence) return false
    const { account, awaiting } = evidence
    const isRight = awaiting === null && account.password === password && account.password !== null
    expect(isRight, 'sudo by a wrong password').toBe(true)
    expect(isChallenged(account), 'sudo by less than the account has').toBe(false)
    return giveSudo(scene, evidence, 'password', [])
  },
}

const byCode: Step = {
  name: 'sudo by a code of the app',
  weight: 6,
  suits: ({ browser: { evidence } }) => evidence?.awaiting === null && evidence.account.app !== null,
  async run(scene) {
    const { world, browser } = scene
    const { evidence } = browser
    const tried = chooseCode({ ...scene, pick: 2 + (scene.pick % 6) }, evidence?.account)
    const caller = await arrive(world, browser)
    const result = await attempt(() => sudoBySecondFactor(world.test.runtime, caller, tried.input))
    if (!result.ok || !evidence) return false
    expect(evidence.awaiting === null && tried.isRight, 'a wrong, used or foreign code').toBe(true)
    spendCode(evidence.account, tried)
    return giveSudo(scene, evidence, 'second-factor', ['otp'])
  },
}

const byBackupCode: Step = {
  name: 'sudo by a backup code',
  weight: 2,
  suits: ({ browser: { evidence } }) =>
    evidence?.awaiting === null && evidence.account.backupCodes.length > 0,
  async run(scene) {
    const { world, browser, pick } = scene
    const { evidence } = browser
    const tried = chooseCode({ ...scene, pick: pick % 4 === 0 ? 1 : 0 }, evidence?.account)
    const password = pick % 4 === 1 ? choosePassword(scene) : evidence?.account.password
    const caller = await arrive(world, browser)
    const result = await attempt(() =>
      sudoBySecondFactor(world.test.runtime, caller, { ...tried.input, password }),
    )
    if (!result.ok || !evidence) return false
    const isKnown = evidence.account.password !== null && password === evidence.account.password
    expect(evidence.awaiting === null && tried.isRight && isKnown, 'a slip of paper alone').toBe(true)
    spendCode(evidence.account, tried)
    return giveSudo(scene, evidence, 'recovery', [])
  },
}

const askForCode: Step = {
  name: 'ask for a sudo code',
  weight: 4,
  suits: ({ browser: { evidence } }) =>
    evidence?.awaiting === null &&
    evidence.account.password === null &&
    !isChallenged(evidence.account) &&
    evidence.account.passkeys.length === 0,
  async run({ world, browser }) {
    const caller = await arrive(world, browser)
    return (await attempt(() => deliverUserSudoCode(world.test.runtime, caller))).ok
  },
}

const byMailedCode: Step = {
  name: 'sudo by a mailed code',
  weight: 10,
  suits: ({ world, browser: { evidence } }) =>
    evidence?.awaiting === null &&
    world.letters.some(({ purpose, account }) => purpose === 'sudo' && account === evidence.account),
  async run(scene) {
    const { world, browser } = scene
    const { evidence } = browser
    const letter = chooseLetter(
      { ...scene, person: { email: '', account: evidence?.account ?? null } },
      'sudo',
    )
    if (!letter) return false
    const isRight = isAlive(world, letter) && letter.askedIn === browser
    const caller = await arrive(world, browser)
    const result = await attempt(() => sudoByCode(world.test.runtime, caller, { code: letter.code }))
    if (!result.ok || !evidence) return false
    const { account } = evidence
    expect(isRight && evidence.awaiting === null, 'a dead code, or one asked for elsewhere').toBe(true)
    expect(isChallenged(account) || account.password !== null || account.passkeys.length > 0).toBe(false)
    letter.isDead = true
    return giveSudo(scene, evidence, 'email', [])
  },
}

export const sudoSteps: readonly Step[] = [byPassword, byCode, byBackupCode, askForCode, byMailedCode]
