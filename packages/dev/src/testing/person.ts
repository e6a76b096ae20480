import { randomBytes } from 'node:crypto'
import { parseEmail } from '@sigra/core'
import {
  activateUserTotp,
  enrollUserTotp,
  newId,
  type Runtime,
  sql,
  statement,
  toUserId,
  type UserId,
} from '@sigra/mikro-orm'
import { TestBrowser, TestSetupFailed } from './test-browser.ts'
import { totpCode } from './totp-code.ts'

/** In which state somebody is when a test begins. */
export type PersonState =
  | 'confirmed'
  | 'unconfirmed'
  | 'disabled'
  | 'must-change-password'
  | 'must-enrol-second-factor'
  | 'second-factor'

export interface PersonOptions {
  /** @default 'confirmed' */
  state?: PersonState
  /** @default a fresh address */
  email?: string
  /** @default a fresh one */
  password?: string
}

/** Somebody with an account, and what only they know. */
export interface Person {
  id: UserId
  email: string
  password: string
  /** Unused ones, where there is a second factor. */
  backupCodes: readonly string[]
  /**
   * What their authenticator app shows now, by the runtime's clock, or so many steps of 30 seconds away.
   *
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` for somebody without one.
   */
  totpCode(steps?: number): string
}

/** The host's Sigra, as far as the kit needs it: what `createSigra` returned. */
export interface TestedSigra {
  runtime: Runtime
  edge: { settings: { cookies: { names: { session: string; browser: string; trusted: string } } } }
}

/**
 * Makes somebody in a named state, straight in the database: no mail, no form, no limits. A second factor is enrolled
 * through the library's own flows.
 *
 * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the state cannot be reached.
 */
export async function createPerson(sigra: TestedSigra, options: PersonOptions = {}): Promise<Person> {
  const { state = 'confirmed' } = options
  const secret = randomBytes(9).toString('base64url')
  const { email = `person-${secret.toLowerCase()}@example.com`, password = `a quiet river ${secret}` } =
    options
  const id = await insertPerson(sigra.runtime, { state, email, password })
  const person: Person = {
    id,
    email,
    password,
    backupCodes: [],
    totpCode() {
      throw new TestSetupFailed(
        `${email} has no authenticator app: make them with { state: 'second-factor' }.`,
      )
    },
  }
  return state === 'second-factor' ? enrolPerson(sigra, person) : person
}

async function insertPerson(
  runtime: Runtime,
  { state, email, password }: { state: PersonState; email: string; password: string },
): Promise<UserId> {
  const address = parseEmail(email)
  if (!address) throw new TestSetupFailed(`"${email}" is no address.`)
  const { user } = runtime.tables
  const hashed = await runtime.hasher.hash(password)
  const [row] = await statement<{ id: string }>(
    runtime,
    sql`
    insert into ${user.name} (id, email, email_canonical, hashed_password, confirmed_at, disabled_at,
      must_change_password, require_second_step, created_at)
    values (${newId({ runtime, tables: runtime.tables }, user)}, ${email}, ${address.canonical}, ${hashed},
      case when ${state !== 'unconfirmed'} then clock_timestamp() end,
      case when ${state === 'disabled'} then clock_timestamp() end,
      ${state === 'must-change-password'}, ${state === 'must-enrol-second-factor'}, clock_timestamp())
    returning id::text as id`,
  )
  if (!row) throw new TestSetupFailed('The user was not inserted.')
  return toUserId(row.id)
}

async function enrolPerson(sigra: TestedSigra, person: Person): Promise<Person> {
  const { runtime } = sigra
  const browser = new TestBrowser(sigra)
  await browser.logIn(person)
  const enrolled = await enrollUserTotp(runtime, await browser.context())
  if (!enrolled.ok) throw new TestSetupFailed(`Enrolling a second factor said "${enrolled.reason}".`)
  const { key } = enrolled.enrolment
  const showCode = (steps = 0) => totpCode(key, { at: new Date(Date.now() + runtime.clockOffset()), steps })
  // One step ago: the code the test types next is another one.
  const activated = await activateUserTotp(runtime, await browser.context(), { code: showCode(-1) })
  if (!activated.ok) throw new TestSetupFailed(`Activating a second factor said "${activated.reason}".`)
  return { ...person, backupCodes: activated.backupCodes, totpCode: showCode }
}
