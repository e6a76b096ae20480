import { expect } from 'vitest'
import { secureUser } from '../../not-me/secure-user.ts'
import { isAlive, isOwed, isRepeat, noteUse } from './letters.ts'
import { choose, chooseLetter, hasLetter, type Scene, type Step } from './step.ts'
import { arrive, changeCredentials, count, type Letter, newCodes, nowOf, type World } from './world.ts'

const NOT_ME_HOURS = 72
const LINK_DAYS = 7

const notMe: Step = {
  name: "this wasn't me",
  suits: (scene) => scene.pick % 6 === 0 && hasLetter('not-me')(scene),
  run: async (scene) => pressNotMe(scene, chooseLetter(scene, 'not-me')),
}

const endDeletion: Step = {
  name: 'end a deletion by its notice',
  weight: 3,
  suits: (scene) => noticeOfDeletion(scene) !== undefined,
  run: async (scene) => pressNotMe(scene, noticeOfDeletion(scene)),
}

function noticeOfDeletion(scene: Scene): Letter | undefined {
  const { world, person } = scene
  return choose(
    scene,
    world.letters.filter(
      ({ deletion, account, isDead }) => deletion !== null && account === person.account && !isDead,
    ),
  )
}

async function pressNotMe({ world, browser }: Scene, letter: Letter | undefined): Promise<boolean> {
  if (!letter) return false
  const mayPass = isAlive(world, letter)
  const isOwing = isOwed(world, letter)
  const { token } = letter
  const result = await secureUser(world.test.runtime, await arrive(world, browser), { token })
  if (isOwing) expect(result.ok, 'a notice that lives does what it says').toBe(true)
  if (!result.ok) return false
  const repeats = isRepeat(world, letter, 'link', browser)
  expect(mayPass || repeats, 'a dead notice').toBe(true)
  noteUse(world, letter, 'link', browser)
  if (repeats) return false
  letter.isDead = true
  takeAway(world, letter)
  return true
}

function takeAway(world: World, letter: Letter): void {
  const { account, about, codes } = letter
  changeCredentials(world, account, null)
  const since = suspectSince(world, letter)
  const isOfDeletion = since < Infinity && about === null
  const wasAhead = account.deletion !== null
  Object.assign(account, { password: null, mustChange: false, deletion: null })
  const { app, codesMadeAt } = account
  const isOwnApp = about !== null && 'app' in about && app === about.app
  const isYoung = app !== null && nowOf(world) - app.activatedAt < NOT_ME_HOURS * 3_600_000
  const removesApp = app !== null && ((isOwnApp && isYoung) || app.activatedAt >= since)
  const kept = account.passkeys.filter(
    ({ id, addedAt }) =>
      addedAt < since && !(about !== null && 'passkeyId' in about && about.passkeyId === id),
  )
  const removesPasskey = kept.length < account.passkeys.length
  const removesAllCodes = codesMadeAt !== null && codesMadeAt >= since
  const left = removesAllCodes ? [] : account.backupCodes.filter((code) => !codes.has(code))
  const removesCodes = removesAllCodes || left.length < account.backupCodes.length
  Object.assign(account, { passkeys: kept, backupCodes: left })
  if (removesAllCodes) account.codesMadeAt = null
  if (removesApp) Object.assign(account, { app: null, ...newCodes(world, []) })
  if (isOfDeletion && (removesApp || removesPasskey)) count(world, takenAlong(wasAhead))
  const isBare = account.app === null && kept.length === 0
  if ((removesApp || removesCodes || removesPasskey) && isBare)
    Object.assign(account, { requiresStep: false, ...newCodes(world, []) })
}

/** What a notice removes that was added before a deletion, which lies ahead or was taken back. */
export function takenAlong(isAhead: boolean): string {
  return isAhead ? 'added before a deletion' : 'added before a deletion that was taken back'
}

/** Of the deletion that this ends, and of the one that it is about, which may have been taken back. */
function suspectSince(world: World, { account, deletion: disputed }: Letter): number {
  const reaches = disputed !== null && nowOf(world) - disputed.requestedAt < LINK_DAYS * 24 * 3_600_000
  return Math.min(account.deletion?.suspectSince ?? Infinity, reaches ? disputed.suspectSince : Infinity)
}

export const noticeSteps: readonly Step[] = [notMe, endDeletion]
