import { expect } from 'vitest'
import { activateUserTotp } from '../../second-factor/activate-user-totp.ts'
import { disableUserTotp } from '../../second-factor/disable-user-totp.ts'
import { enrollUserTotp } from '../../second-factor/enroll-user-totp.ts'
import { issueUserBackupCodes } from '../../second-factor/issue-user-backup-codes.ts'
import { regenerateUserBackupCodes } from '../../second-factor/regenerate-user-backup-codes.ts'
import { allowUserOneStep, requireUserSecondStep } from '../../second-factor/require-user-second-step.ts'
import {
  revokeAllUserSessions,
  revokeOtherUserSessions,
  revokeUserSession,
} from '../../sessions/revoke-user-sessions.ts'
import { changeUserPassword, setUserPassword } from '../../settings/change-user-password.ts'
import { codeInStep } from '../test-second-factor.ts'
import { choosePassword } from './mail-steps.ts'
import { hasSudo, noteSignIn } from './sign-in-evidence.ts'
import { settingsStep } from './settings-step.ts'
import { awaits, choose, type Outcome, type Scene, type Step } from './step.ts'
import {
  type Account,
  type App,
  arrive,
  attempt,
  changeCredentials,
  currentStep,
  endSessions,
  type Evidence,
  isChallenged,
  levelOf,
  newCodes,
  nowOf,
} from './world.ts'

const enrolApp: Step = {
  name: 'switch an app on',
  weight: 2,
  suits: ({ world, browser, pick }) =>
    browser.evidence?.awaiting === 'enrolment' ||
    (pick % 3 > 0 && hasSudo(world, browser, { allowsRecovery: true })),
  async run(scene) {
    const { world, browser, pick } = scene
    const { evidence } = browser
    const { runtime } = world.test
    const caller = await arrive(world, browser)
    const isAllowed = evidence?.awaiting === 'enrolment' || hasSudo(world, browser, { allowsRecovery: true })
    const enrolled = await attempt(() => enrollUserTotp(runtime, caller))
    if (!enrolled.ok) return false
    expect(isAllowed, 'enrolled without sudo').toBe(true)
    const code = (step: number) => codeInStep(enrolled.enrolment, step)
    const now = currentStep(world)
    const typed = pick % 4 === 0 ? code(now + 7) : code(now)
    const activatedAt = nowOf(world) // before the session that it opens
    const activated = await attempt(() => activateUserTotp(runtime, caller, { code: typed }))
    if (!activated.ok || !evidence) return false
    expect(pick % 4, 'activated by a wrong code').not.toBe(0)
    const app = { code, lastStep: now, activatedAt }
    return putApp(scene, evidence, app, activated)
  },
}

function putApp(
  { world, browser }: Scene,
  { account, proven, remembered }: Evidence,
  app: App,
  {
    outcome,
    backupCodes,
  }: { outcome: 'signed-in' | Parameters<typeof noteSignIn>[3]['outcome']; backupCodes: readonly string[] },
): Outcome {
  Object.assign(account, { app, backupCodes, codesMadeAt: app.activatedAt })
  changeCredentials(world, account, browser)
  noteSignIn(world, browser, account, {
    proven: [...proven, 'otp'],
    remembered,
    outcome,
    acceptsTrust: false,
  })
  return { about: { app } }
}

const issueCodes: Step = {
  name: 'fetch the codes that are missing',
  weight: 20,
  suits: (scene) => awaits('enrolment')(scene) && levelOf(scene.browser.evidence?.proven ?? new Set()) === 2,
  async run({ world, browser }) {
    const { evidence } = browser
    const result = await issueUserBackupCodes(world.test.runtime, await arrive(world, browser))
    if (!result.ok || !evidence) return false
    const { account, proven, remembered } = evidence
    expect(evidence.awaiting).toBe('enrolment')
    expect(account.backupCodes, 'there were codes').toEqual([])
    Object.assign(account, newCodes(world, result.backupCodes))
    account.epoch += 1
    noteSignIn(world, browser, account, {
      proven,
      remembered,
      outcome: result.outcome,
      acceptsTrust: false,
      provesNothing: true,
    })
    return true
  },
}

async function switchAppOff(
  { world, browser }: Scene,
  { account }: Evidence,
): Promise<Partial<Account> | null> {
  const caller = await arrive(world, browser)
  const result = await attempt(() => disableUserTotp(world.test.runtime, caller))
  if (!result.ok) return null
  const staysAsked = account.passkeys.length > 0 && account.requiresStep
  expect(result.backupCodes).toHaveLength(staysAsked ? 10 : 0)
  return { app: null, ...newCodes(world, result.backupCodes), requiresStep: staysAsked }
}

const disableApp = settingsStep('switch the app off', switchAppOff, {
  allowsRecovery: true,
  mayHelp: ({ browser, pick }) =>
    pick % 2 === 0 &&
    typeof browser.evidence?.account.app === 'object' &&
    browser.evidence.account.app !== null,
})

async function makeNewCodes(
  { world, browser }: Scene,
  { account }: Evidence,
): Promise<Partial<Account> | null> {
  const caller = await arrive(world, browser)
  const result = await attempt(() => regenerateUserBackupCodes(world.test.runtime, caller))
  if (!result.ok) return null
  expect(isChallenged(account), 'codes nothing asks for').toBe(true)
  return newCodes(world, result.backupCodes)
}

const regenerate = settingsStep('make new codes', makeNewCodes, {
  mayHelp: ({ browser: { evidence } }) => evidence !== null && isChallenged(evidence.account),
})

async function switchStep(
  { world, browser, pick }: Scene,
  evidence: Evidence,
): Promise<Partial<Account> | null> {
  const { account } = evidence
  const caller = await arrive(world, browser)
  const isRequired = pick % 2 === 0
  const result = await attempt(() =>
    (isRequired ? requireUserSecondStep : allowUserOneStep)(world.test.runtime, caller),
  )
  if (!result.ok) return null
  const wasChallenged = isChallenged(account)
  if (isRequired && !wasChallenged) evidence.isOlderThanStep = true
  if (isRequired) {
    return {
      requiresStep: true,
      ...(result.backupCodes.length > 0 ? newCodes(world, result.backupCodes) : {}),
    }
  }
  return { requiresStep: false, ...(account.app === null ? newCodes(world, []) : {}) }
}

const requireStep = settingsStep('require a second step', switchStep)

async function putAnother(scene: Scene, { account, sudo }: Evidence): Promise<Partial<Account> | null> {
  const { world, browser } = scene
  const [currentPassword, password] = [choosePassword(scene), choosePassword({ pick: scene.pick + 1 })]
  const isKnown = sudo?.method === 'password' || currentPassword === account.password
  const caller = await arrive(world, browser)
  const result = await attempt(() =>
    changeUserPassword(world.test.runtime, caller, { currentPassword, password }),
  )
  if (!result.ok) return null
  expect(isKnown && account.password !== null, 'changed without the current one').toBe(true)
  return { password, mustChange: false }
}

const changePassword = settingsStep('change the password', putAnother, {
  mayHelp: ({ browser }) => browser.evidence?.account.password !== null,
})

async function putFirst(scene: Scene, { account }: Evidence): Promise<Partial<Account> | null> {
  const { world, browser } = scene
  const password = choosePassword(scene)
  const caller = await arrive(world, browser)
  const result = await attempt(() => setUserPassword(world.test.runtime, caller, { password }))
  if (!result.ok) return null
  expect(account.password, 'there was one').toBeNull()
  return { password, mustChange: false }
}

const setPassword = settingsStep('set a password', putFirst, {
  weight: 8,
  mayHelp: ({ browser }) => browser.evidence?.account.password === null,
})

const revoke: Step = {
  name: 'end sessions',
  suits: ({ world, browser }) => hasSudo(world, browser),
  async run(scene) {
    const { world, browser, pick } = scene
    const { evidence } = browser
    if (evidence?.awaiting !== null) return false
    const isAllowed = hasSudo(world, browser)
    const which = (['one', 'others', 'all'] as const)[pick % 3] ?? 'one'
    const other = choose(scene, world.browsers) ?? browser
    const sessionId = (await arrive(world, other)).session?.id
    const isForeign = other.evidence?.account !== evidence.account || other.evidence.awaiting !== null
    const caller = await arrive(world, browser)
    const { runtime } = world.test
    const result = await attempt(async () => {
      if (which === 'one') return revokeUserSession(runtime, caller, { sessionId })
      const end = which === 'all' ? revokeAllUserSessions : revokeOtherUserSessions
      await end(runtime, caller)
      return { ok: true as const }
    })
    if (!result.ok) return false
    expect(isAllowed, 'sessions ended without sudo').toBe(true)
    if (which === 'one') {
      expect(isForeign, 'the session of somebody else').toBe(false)
      other.evidence = null
      if (other !== browser && other.trust?.account === evidence.account) other.trust = null
    } else {
      evidence.account.epoch += 1
      endSessions(world, evidence.account, which === 'all' ? null : browser)
    }
    return true
  },
}

export const settingsSteps: readonly Step[] = [
  enrolApp,
  issueCodes,
  disableApp,
  regenerate,
  requireStep,
  changePassword,
  setPassword,
  revoke,
]
