import { sql } from '../../database/sql.ts'
import type { Step } from './step.ts'
import type { Account } from './world.ts'

const minutes = { moment: 0.52, visit: 6, coffee: 11, day: 25 * 60, week: 8 * 24 * 60 }
const jumps = [
  minutes.moment,
  minutes.moment,
  minutes.moment,
  minutes.visit,
  minutes.coffee,
  minutes.day,
  minutes.week,
]

const wait: Step = {
  name: 'wait',
  suits: ({ pick }) => pick % 4 === 0,
  async run({ world, pick }) {
    world.test.advance({ milliseconds: Math.round((jumps[(pick >> 2) % jumps.length] ?? 1) * 60_000) })
    return true
  },
}

/** A second step could be asked for, and there are no codes yet. */
function isHalfway({ passkeys, requiresStep, backupCodes }: Account): boolean {
  return passkeys.length > 0 && !requiresStep && backupCodes.length === 0
}

/** What an operator of the host does behind our back. */
const operate: Step = {
  name: 'operate',
  suits: ({ person: { account }, pick }) =>
    account?.confirmed === true && (account.disabled || pick % (isHalfway(account) ? 2 : 4) === 0),
  async run({ world, person, pick }) {
    const { account } = person
    if (!account?.confirmed) return false
    const { id } = account
    switch (account.disabled ? 4 : isHalfway(account) ? 2 : (pick >> 2) % 4) {
      case 0:
        account.disabled = true
        await world.test.rows(sql`update users set disabled_at = clock_timestamp() where id = ${id}`)
        break
      case 1:
        account.mustChange = account.password !== null
        await world.test.rows(
          sql`update users set must_change_password = ${account.mustChange} where id = ${id}`,
        )
        break
      case 2:
        account.requiresStep = true
        account.epoch += 1
        for (const browser of world.browsers) if (browser.evidence) browser.evidence.isOlderThanStep = true
        await world.test.rows(sql`update users set require_second_step = true where id = ${id}`)
        break
      default:
        account.disabled = false
        await world.test.rows(sql`update users set disabled_at = null where id = ${id}`)
    }
    return true
  },
}

const publish: Step = {
  name: 'publish other terms',
  suits: ({ pick }) => pick % 12 === 0,
  async run({ world, pick }) {
    world.terms = { version: world.terms.version + 1, required: pick % 24 === 0 }
    const { version, required } = world.terms
    const documents = [{ name: 'terms', version: String(version), url: '/terms', required }]
    world.test = { ...world.test, runtime: { ...world.test.runtime, documents } }
    return true
  },
}

export const hostSteps: readonly Step[] = [wait, wait, operate, publish]
