import { expect } from 'vitest'
import { confirmUserByCode } from '../../confirm/confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from '../../confirm/confirm-user-with-new-password.ts'
import { confirmUser } from '../../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../../confirm/deliver-user-confirmation-instructions.ts'
import { rejectRegistration } from '../../confirm/reject-registration.ts'
import { sql } from '../../database/sql.ts'
import { deliverUserLogInInstructions } from '../../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from '../../magic-link/log-in-user-by-magic-code.ts'
import { logInUserByMagicLink } from '../../magic-link/log-in-user-by-magic-link.ts'
import { registerUser } from '../../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../../reset/reset-user-password.ts'
import type { ResolvedSession } from '../../sessions/session.ts'
import type { UserId } from '../../user-id.ts'
import { isAlive, isRepeat, noteUse, use } from './letters.ts'
import { noteSignIn } from './sign-in-evidence.ts'
import { chooseLetter, hasLetter, type Scene, type Step } from './step.ts'
import {
  type Account,
  arrive,
  type Browser,
  changeCredentials,
  endSessions,
  type Letter,
  type LetterForm,
  nowOf,
  type World,
} from './world.ts'
import type { Confirmed, ConfirmedDisabled, MailSignInResult } from '../../flow-result.ts'

const LINK_HOURS = 24
const GRACE_MILLISECONDS = 2000
const passwords = ['a lonely lighthouse keeper', 'seven herons over the weir', 'nine boats in the fog']

/** One of three passwords, so that a former one is often typed again. */
export function choosePassword({ pick }: Pick<Scene, 'pick'>): string {
  return passwords[pick % passwords.length] ?? ''
}

const register: Step = {
  name: 'register',
  suits: ({ person, pick }) => (person.account === null ? pick % 2 === 0 : pick % 10 === 0),
  async run(scene) {
    const { world, person, browser } = scene
    const password = choosePassword(scene)
    await registerUser(world.test.runtime, await arrive(world, browser), { email: person.email, password })
    const { account } = person
    if (account) {
      // The answer is the same. Only who registered it here, and has not confirmed it while the link lives, has another
      // password now.
      const isYoung = nowOf(world) - account.registeredAt < LINK_HOURS * 60 * 60_000
      const isAgain =
        isYoung && !account.confirmed && account.registeredIn === world.browsers.indexOf(browser)
      if (isAgain) account.password = password
      return true
    }
    const [row] = await world.test.rows<{ id: UserId }>(
      sql`select id::text as id from users where email = ${person.email}`,
    )
    if (!row) throw new Error('registering left nobody')
    const registeredIn = world.browsers.indexOf(browser)
    person.account = { ...newcomer, id: row.id, password, registeredIn, registeredAt: nowOf(world) }
    return true
  },
}

const newcomer: Omit<Account, 'id'> = {
  confirmed: false,
  disabled: false,
  mustChange: false,
  accepted: 0,
  requiresStep: false,
  registeredIn: null,
  registeredAt: 0,
  password: null,
  app: null,
  backupCodes: [],
  usedBackupCode: null,
  codesMadeAt: null,
  passkeys: [],
  deletion: null,
  epoch: 0,
}

/** Somebody who was there before the story begins. */
export function settled(id: UserId, password: string | null): Account {
  return { ...newcomer, id, password, confirmed: true }
}

const confirmByLink: Step = {
  name: 'confirm by link',
  weight: 2,
  suits: hasLetter('confirm'),
  async run(scene) {
    const { world, person, browser, pick } = scene
    const letter = chooseLetter(scene, 'confirm')
    if (!letter) return false
    const typed = pick % 3 === 0 ? undefined : choosePassword(scene)
    const isHome = person.account?.registeredIn === world.browsers.indexOf(browser)
    const isKnown = typed === undefined || typed === person.account?.password
    const repeats = isKnown && isRepeat(world, letter, typed === undefined ? 'link' : 'password', browser)
    const mayPass = isAlive(world, letter) && (isHome || typed === person.account?.password)
    const input = { token: letter.token, password: typed }
    const here = (await arrive(world, browser)).session
    const result = await confirmUser(world.test.runtime, browser.caller, input)
    if (!result.ok && result.reason !== 'disabled') return false
    expect(mayPass || repeats, 'confirmed by a dead link, or without the password').toBe(true)
    return confirm(scene, letter, isHome ? 'link' : 'password', here, result)
  },
}

const confirmByCode: Step = {
  name: 'confirm by code',
  weight: 4,
  suits: (scene) => chooseLetter(scene, 'confirm')?.askedIn === scene.browser,
  async run(scene) {
    const { world, person, browser } = scene
    const letter = chooseLetter(scene, 'confirm')
    if (!letter) return false
    const code = scene.pick % 3 === 0 ? '000000' : letter.code
    const input = { email: person.email, code }
    const isRight =
      isAlive(world, letter) && !letter.isCodeDead && code === letter.code && letter.askedIn === browser
    const repeats = code === letter.code && isRepeat(world, letter, 'code', browser)
    const here = (await arrive(world, browser)).session
    const result = await confirmUserByCode(world.test.runtime, browser.caller, input)
    if (!result.ok && result.reason !== 'disabled') {
      if (result.reason === 'other-browser') expect(isRight).toBe(true)
      return false
    }
    expect(isRight || repeats, 'confirmed by a wrong code, or in a browser that did not ask').toBe(true)
    expect(person.account?.registeredIn).toBe(world.browsers.indexOf(browser))
    return confirm(scene, letter, 'code', here, result)
  },
}

async function confirm(
  { world, browser }: Scene,
  letter: Letter,
  form: LetterForm,
  here: ResolvedSession | null,
  result: Confirmed | ConfirmedDisabled,
): Promise<boolean> {
  const isFirst = letter.success === null
  noteUse(world, letter, form, browser)
  if (!isFirst) return false
  const { account } = letter
  account.confirmed = true
  endSessions(world, account, browser)
  use(world, account, 'confirm')
  if (!result.ok) {
    expect(account.disabled, 'refused although it may sign in').toBe(true)
    return false
  }
  if (form === 'password' || (here?.awaiting === null && here.userId !== account.id)) {
    expect(result.outcome, 'signed in elsewhere, or over the head of another account').toBeNull()
  } else if (here?.awaiting === null) {
    expect(result.outcome, 'who is signed in stays so').toBe('signed-in')
  } else await enterConfirmed(world, browser, account, result.outcome)
  return true
}

const SUDO_MINUTES = 10

/** The mailbox, and for ten minutes after registering the password. */
async function enterConfirmed(
  world: World,
  browser: Browser,
  account: Account,
  outcome: Confirmed['outcome'],
): Promise<void> {
  if (outcome === null) throw new Error('not signed in where it was registered')
  const age = nowOf(world) - account.registeredAt
  const proven = (await arrive(world, browser)).session?.amr ?? []
  const isFresh = proven.includes('pwd')
  expect(age <= SUDO_MINUTES * 60_000, 'the password counts for ten minutes').toBe(
    Math.abs(age - SUDO_MINUTES * 60_000) < GRACE_MILLISECONDS ? age <= SUDO_MINUTES * 60_000 : isFresh,
  )
  noteSignIn(world, browser, account, {
    proven: isFresh ? ['email', 'pwd'] : ['email'],
    remembered: false,
    outcome,
  })
}

const confirmWithNewPassword: Step = {
  name: 'confirm with a new password',
  weight: 2,
  suits: (scene) => scene.pick % 3 === 0 && hasLetter('confirm')(scene),
  run: (scene) => putByLetter(scene, 'confirm'),
}

const resetPassword: Step = {
  name: 'reset',
  suits: hasLetter('reset'),
  run: (scene) => putByLetter(scene, 'reset'),
}

async function putByLetter(scene: Scene, purpose: 'confirm' | 'reset'): Promise<boolean> {
  const { world, browser } = scene
  const letter = chooseLetter(scene, purpose)
  if (!letter) return false
  const mayPass = isAlive(world, letter)
  const input = { token: letter.token, password: choosePassword(scene) }
  const repeats =
    input.password === letter.account.password && isRepeat(world, letter, 'new-password', browser)
  const flow = purpose === 'confirm' ? confirmUserWithNewPassword : resetUserPassword
  const result = await flow(world.test.runtime, await arrive(world, browser), input)
  if (!result.ok) return false
  expect(mayPass || repeats, 'a password by a dead link').toBe(true)
  noteUse(world, letter, 'new-password', browser)
  if (repeats) return false
  const { account } = letter
  changeCredentials(world, account, null)
  Object.assign(account, { confirmed: true, mustChange: false, password: input.password })
  return true
}

const reject: Step = {
  name: 'reject the registration',
  suits: (scene) => scene.pick % 3 === 0 && hasLetter('confirm')(scene),
  async run(scene) {
    const { world, person, browser } = scene
    const letter = chooseLetter(scene, 'confirm')
    if (!letter) return false
    const mayPass = isAlive(world, letter) && !letter.account.confirmed
    const { token } = letter
    const result = await rejectRegistration(world.test.runtime, await arrive(world, browser), { token })
    if (!result.ok) return false
    expect(mayPass, 'removed by a dead link, or after the first proof').toBe(true)
    changeCredentials(world, letter.account, null)
    use(world, letter.account, 'not-me')
    person.account = null
    return true
  },
}

const askAgain: Step = {
  name: 'ask for a confirmation',
  suits: ({ person, pick }) =>
    pick % (person.account?.confirmed === false ? 4 : 12) === 0 && person.account !== null,
  async run({ world, person, browser }) {
    const caller = await arrive(world, browser)
    return (await deliverUserConfirmationInstructions(world.test.runtime, caller, { email: person.email })).ok
  },
}

const askForLink: Step = {
  name: 'ask for a magic link',
  suits: ({ person, pick }) => person.account !== null && pick % 3 === 0,
  async run({ world, person, browser }) {
    const caller = await arrive(world, browser)
    return (await deliverUserLogInInstructions(world.test.runtime, caller, { email: person.email })).ok
  },
}

const askForReset: Step = {
  name: 'ask for a reset',
  suits: ({ person, pick }) => person.account !== null && pick % 6 === 0,
  async run({ world, person, browser }) {
    const caller = await arrive(world, browser)
    return (await deliverUserResetPasswordInstructions(world.test.runtime, caller, { email: person.email }))
      .ok
  },
}

const followLink: Step = {
  name: 'log in by magic link',
  suits: hasLetter('magic-link'),
  async run(scene) {
    const { world, browser } = scene
    const letter = chooseLetter(scene, 'magic-link')
    if (!letter) return false
    const { token } = letter
    const mayPass = isAlive(world, letter)
    const result = await logInUserByMagicLink(world.test.runtime, await arrive(world, browser), { token })
    return noteMailSignIn(scene, letter, { form: 'link', mayPass }, result)
  },
}

const typeLinkCode: Step = {
  name: 'log in by magic code',
  weight: 4,
  suits: (scene) => chooseLetter(scene, 'magic-link')?.askedIn === scene.browser,
  async run(scene) {
    const { world, person, browser, pick } = scene
    const letter = chooseLetter(scene, 'magic-link')
    if (!letter) return false
    const code = pick % 4 === 1 ? '000000' : letter.code
    const mayPass = isAlive(world, letter) && letter.askedIn === browser && code === letter.code
    const input = { email: person.email, code }
    const result = await logInUserByMagicCode(world.test.runtime, await arrive(world, browser), input)
    return noteMailSignIn(scene, letter, { form: 'code', mayPass, isRightCode: code === letter.code }, result)
  },
}

function noteMailSignIn(
  { world, browser }: Scene,
  letter: Letter,
  { form, mayPass, isRightCode = true }: { form: LetterForm; mayPass: boolean; isRightCode?: boolean },
  result: MailSignInResult | { ok: false; reason: 'limited' },
): boolean {
  if (!result.ok && result.reason !== 'disabled') return false
  const repeats = result.ok && isRightCode && isRepeat(world, letter, form, browser)
  noteUse(world, letter, form, browser)
  if (repeats) return false
  expect(mayPass, 'a dead magic link, a wrong code, or a browser that did not ask').toBe(true)
  const { account } = letter
  const isHome = account.registeredIn === world.browsers.indexOf(browser)
  const isUnproven = !account.confirmed && !isHome && account.password !== null
  if (isUnproven) {
    account.password = null
    account.epoch += 1
    endSessions(world, account)
  }
  if (!account.confirmed) use(world, account, 'confirm')
  account.confirmed = true
  use(world, account, 'magic-link')
  if (!result.ok) {
    expect(account.disabled).toBe(true)
    return false
  }
  expect(result.isPasswordRemoved, 'it says what became of the password').toBe(isUnproven)
  noteSignIn(world, browser, account, { proven: ['email'], remembered: false, outcome: result.outcome })
  return true
}

export const mailSteps: readonly Step[] = [
  register,
  confirmByLink,
  confirmByCode,
  confirmWithNewPassword,
  reject,
  askAgain,
  askForLink,
  followLink,
  typeLinkCode,
  askForReset,
  resetPassword,
]
