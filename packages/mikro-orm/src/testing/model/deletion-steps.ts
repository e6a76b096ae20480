import { expect } from 'vitest'
import { cancelUserDeletion } from '../../deletion/cancel-user-deletion.ts'
import { remindOfUserDeletions } from '../../deletion/remind-of-user-deletions.ts'
import { runUserDeletions } from '../../deletion/run-user-deletions.ts'
import { scheduleUserDeletion } from '../../deletion/schedule-user-deletion.ts'
import { hasSudo, noteStep } from './sign-in-evidence.ts'
import { awaits, type Step } from './step.ts'
import {
  type Account,
  arrive,
  attempt,
  changeCredentials,
  isGone,
  mayBeGone,
  nowOf,
  type World,
} from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const GRACE_DAYS = 14
const REMINDER_DAYS = 2
const SUSPECT_HOURS = 72
const CLOCKS_DIFFER_MS = 2000

const schedule: Step = {
  name: 'ask for the deletion',
  weight: 2,
  suits: ({ world, browser, pick }) =>
    hasSudo(world, browser) && (pick % 3 === 0 || hasAdded(browser.evidence?.account)),
  async run({ world, browser, person }) {
    const { evidence } = browser
    const isAllowed = hasSudo(world, browser)
    const caller = await arrive(world, browser)
    const input = { confirmation: person.email }
    const result = await attempt(() => scheduleUserDeletion(world.test.runtime, caller, input))
    if (!result.ok) return false
    expect(isAllowed, 'asked for without sudo').toBe(true)
    if (!evidence) return false
    const { account, provenAt } = evidence
    expect(account, 'by the address of somebody else').toBe(person.account)
    expect(account.deletion, 'asked for twice').toBeNull()
    const requestedAt = nowOf(world)
    const dueAt = result.deleteAfter.getTime()
    expect(Math.abs(dueAt - requestedAt - GRACE_DAYS * DAY)).toBeLessThan(CLOCKS_DIFFER_MS)
    changeCredentials(world, account, null)
    const suspectSince = Math.min(provenAt, requestedAt - SUSPECT_HOURS * HOUR)
    account.deletion = { requestedAt, dueAt, suspectSince }
    return true
  },
}

function hasAdded(account: Account | undefined): boolean {
  return account !== undefined && (account.app !== null || account.passkeys.length > 0)
}

const keep: Step = {
  name: 'keep the account',
  weight: 12,
  suits: awaits('reactivation'),
  async run({ world, browser }) {
    const { evidence } = browser
    const caller = await arrive(world, browser)
    const result = await attempt(() => cancelUserDeletion(world.test.runtime, caller))
    if (!result.ok || !evidence) return false
    const { account } = evidence
    expect(evidence.awaiting, 'nobody had asked').toBe('reactivation')
    expect(account.deletion, 'kept where nothing lies ahead').not.toBeNull()
    expect(isGone(world, account), 'kept after it was due').toBe(false)
    account.deletion = null
    noteStep(world, browser, evidence, result.outcome)
    return true
  },
}

/** To a day before it, when its links are the only ones of that time that live, or to a day after it. */
const waitForIt: Step = {
  name: 'wait for the deletion',
  weight: 2,
  suits: ({ world, person: { account } }) => account?.deletion != null && !mayBeGone(world, account),
  async run({ world, person: { account }, pick }) {
    if (!account?.deletion) return false
    const until = account.deletion.dueAt + (pick % 3 === 0 ? DAY : -DAY)
    if (until < nowOf(world)) return false
    world.test.advance({ milliseconds: until - nowOf(world) })
    return true
  },
}

const remind: Step = {
  name: 'remind of deletions',
  weight: 6,
  suits: ({ world, person: { account } }) =>
    account?.deletion != null && account.deletion.dueAt - nowOf(world) < REMINDER_DAYS * DAY,
  async run({ world }) {
    return (await remindOfUserDeletions(world.test.runtime)) > 0
  },
}

const runDeletions: Step = {
  name: 'delete who is due',
  weight: 4,
  suits: ({ world }) => whoIsGone(world).length > 0,
  async run({ world }) {
    const gone = whoIsGone(world)
    for (let more = true; more;) {
      const done = await runUserDeletions(world.test.runtime)
      expect(done.failed).toBe(0)
      more = done.more
    }
    for (const person of gone) person.account = null
    return gone.length > 0
  },
}

function whoIsGone(world: World): World['people'] {
  return world.people.filter(({ account }) => account !== null && isGone(world, account))
}

export const deletionSteps: readonly Step[] = [schedule, keep, waitForIt, remind, runDeletions]
