import type { AttemptedMail } from '../attempt-mail.ts'
import { deliverMail, tokenOf } from '../test-mail.ts'
import { type Account, type App, type Browser, nowOf, type World } from './world.ts'

export type LetterPurpose = 'confirm' | 'magic-link' | 'reset' | 'sudo' | 'not-me'

/** The form by which a letter is used: a success is repeated to the same one alone. */
export type LetterForm = 'link' | 'code' | 'password' | 'new-password'

/** A mail with something in it that can be used. */
export interface Letter {
  purpose: LetterPurpose
  account: Account
  token: string
  code: string | null
  /** The browser that asked; a notice has none. */
  askedIn: Browser | null
  receivedAt: number
  /** Used, superseded, or ended by a change: nothing may come of it any more. */
  isDead: boolean
  /** Only the six digits are: a newer mail has others. */
  isCodeDead: boolean
  /** How it was used up; `null` where it was not, or ended otherwise. */
  success: { form: LetterForm; browser: Browser; at: number; repeats: number } | null
  /** The factor a notice is about. */
  about: { app: App } | { passkeyId: string } | null
  /** The backup codes there were, where the notice is about what shows, makes or uses them. */
  codes: ReadonlySet<string>
}

const LIFE_MINUTES: Record<LetterPurpose, number> = {
  confirm: 24 * 60,
  'magic-link': 10,
  reset: 60,
  sudo: 10,
  'not-me': 7 * 24 * 60,
}

/** A second of grace: the model's clock and the database's are not read at the same instant. */
const GRACE_MILLISECONDS = 2000

/** Hands out what is queued, to whoever it is for. */
export async function deliver(
  world: World,
  askedIn: Browser | null,
  about: Letter['about'] = null,
): Promise<void> {
  const { sent } = await deliverMail(world.test)
  for (const mail of sent) {
    const account = world.people.find(({ email }) => email === mail.to)?.account
    const found = read(mail)
    if (!account || !found) continue
    const isNotice = found.purpose === 'not-me'
    for (const older of world.letters) if (older.account === account) supersede(older, found.purpose, askedIn)
    world.letters.push({
      ...found,
      account,
      askedIn: isNotice ? null : askedIn,
      receivedAt: nowOf(world),
      isDead: false,
      isCodeDead: false,
      success: null,
      about: isAbout(mail, about) ? about : null,
      codes: new Set(isAboutCodes(mail, about) ? account.backupCodes : []),
    })
  }
}

/** Whether a letter may still do anything; the model is on the generous side by a moment. */
export function isAlive(world: World, letter: Letter): boolean {
  const age = nowOf(world) - letter.receivedAt
  return !letter.isDead && age <= LIFE_MINUTES[letter.purpose] * 60_000 + GRACE_MILLISECONDS
}

const REPEAT_SECONDS = 60
const MAX_REPEATS = 3

/** Whether a press of this form is answered as the first one was, without anything happening again. */
export function isRepeat(world: World, { success }: Letter, form: LetterForm, browser: Browser): boolean {
  if (success?.form !== form || success.browser !== browser || success.repeats >= MAX_REPEATS) return false
  return nowOf(world) - success.at <= REPEAT_SECONDS * 1000 + GRACE_MILLISECONDS
}

/** Writes down what a letter was used for; of one that was used before, that it was answered once more. */
export function noteUse(world: World, letter: Letter, form: LetterForm, browser: Browser): void {
  if (letter.success) letter.success.repeats += 1
  else letter.success = { form, browser, at: nowOf(world), repeats: 0 }
}

/** Ends the letters of an account that could do what this one did. */
export function use(world: World, account: Account, ...purposes: LetterPurpose[]): void {
  for (const letter of world.letters) {
    if (letter.account === account && purposes.includes(letter.purpose)) letter.isDead = true
  }
}

/** What the same browser asks for anew takes the place of what it asked for before; three browsers never reach five. */
function supersede(older: Letter, purpose: LetterPurpose, askedIn: Browser | null): void {
  if (older.purpose !== purpose || older.askedIn !== askedIn) return
  if (purpose === 'confirm') older.isCodeDead = true
  else if (purpose !== 'not-me') older.isDead = true
}

function isAbout({ kind }: AttemptedMail, about: Letter['about']): boolean {
  return about !== null && kind === ('app' in about ? 'secondFactorAdded' : 'passkeyAdded')
}

function isAboutCodes({ kind }: AttemptedMail, about: Letter['about']): boolean {
  if (kind === 'secondFactorAdded') return about === null || !('app' in about)
  return ['backupCodesReplaced', 'backupCodeUsed', 'sudoRecovery', 'secondFactorRemoved'].includes(kind)
}

function read({ props }: AttemptedMail): Pick<Letter, 'purpose' | 'token' | 'code'> | null {
  if ('confirmUrl' in props) return { purpose: 'confirm', token: tokenOf(props.confirmUrl), code: props.code }
  if ('minutes' in props && 'logInUrl' in props) {
    return { purpose: 'magic-link', token: tokenOf(props.logInUrl), code: props.code }
  }
  if ('notMeUrl' in props) return { purpose: 'not-me', token: tokenOf(props.notMeUrl), code: null }
  if ('minutes' in props && 'code' in props) return { purpose: 'sudo', token: '', code: props.code }
  if ('minutes' in props && 'resetUrl' in props) {
    return { purpose: 'reset', token: tokenOf(props.resetUrl), code: null }
  }
  return null
}
