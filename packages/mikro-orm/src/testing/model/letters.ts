import { expect } from 'vitest'
import type { AttemptedMail } from '../attempt-mail.ts'
import { deliverMail, tokenOf } from '../test-mail.ts'
import {
  type Account,
  type Browser,
  type Letter,
  type LetterForm,
  type LetterPurpose,
  isGone,
  mayBeGone,
  nowOf,
  type World,
} from './world.ts'

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
    expect(isGone(world, account), 'written to somebody who is gone').toBe(false)
    const isOfDeletion = mail.kind === 'deletionScheduled' || mail.kind === 'deletionReminder'
    const deletion = isOfDeletion ? account.deletion : null
    // A reminder is about what was asked for then, and its link is good for no longer than that of the first notice.
    const since = deletion?.requestedAt ?? nowOf(world)
    for (const older of world.letters) if (older.account === account) supersede(older, found.purpose, askedIn)
    world.letters.push({
      ...found,
      account,
      askedIn: isNotice ? null : askedIn,
      receivedAt: nowOf(world),
      expiresAt: Math.max(since + LIFE_MINUTES[found.purpose] * 60_000, deletion?.dueAt ?? 0),
      isDead: false,
      isCodeDead: false,
      success: null,
      about: isAbout(mail, about) ? about : null,
      deletion,
      codes: new Set(isAboutCodes(mail, about) ? account.backupCodes : []),
    })
  }
}

/** Whether a letter may still do anything; the model is on the generous side by a moment. */
export function isAlive(world: World, letter: Letter): boolean {
  const isTooOld = nowOf(world) > letter.expiresAt + GRACE_MILLISECONDS
  return !letter.isDead && !isTooOld && !isGone(world, letter.account)
}

/** Whether a notice must still do what it says, whoever has the account by now. */
export function isOwed(world: World, letter: Letter): boolean {
  const isTooOld = nowOf(world) > letter.expiresAt - GRACE_MILLISECONDS
  return letter.purpose === 'not-me' && !letter.isDead && !isTooOld && !mayBeGone(world, letter.account)
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
