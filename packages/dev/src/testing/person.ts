import { randomBytes } from 'node:crypto'
import { parseEmail } from '@sigra/core'
import {
  activateUserTotp,
  databaseNow,
  enrollUserTotp,
  join,
  newId,
  readHostFields,
  type Runtime,
  sql,
  statement,
  toUserId,
  type UserId,
} from '@sigra/mikro-orm'
import type { userProperties } from '@sigra/mikro-orm/schema'
import { changeEmail } from './change-email.ts'
import { invite, join as joinOrganization } from './organization.ts'
import { TestBrowser } from './test-browser.ts'
import { TestSetupFailed } from './test-setup-failed.ts'
import type { Person, TestedSigra } from './tested-app.ts'
import { totpCode } from './totp-code.ts'

/** In which state somebody is when a test begins. */
export type PersonState =
  | 'confirmed'
  | 'unconfirmed'
  | 'disabled'
  | 'must-change-password'
  | 'must-enrol-second-factor'
  | 'second-factor'
  | 'scheduled-for-deletion'

/** The host's own columns of a user entity: what is neither the library's nor the key. */
export type PersonFields<User extends object = Record<string, unknown>> = Partial<
  Omit<User, keyof typeof userProperties | 'id'>
>

/** @typeParam User The host's entity, so that `fields` knows its columns. */
export interface PersonOptions<User extends object = Record<string, unknown>> {
  /** @default 'confirmed' */
  state?: PersonState
  /** @default a fresh address */
  email?: string
  /** @default a fresh one */
  password?: string
  /** Columns of your own, as `fields` of `registerUser` takes them. @default whatever the database gives them */
  fields?: PersonFields<User>
  /** The directory where the app's emails arrive, for `changesEmail`. @default none */
  mailbox?: string
}

/** @typeParam User The host's entity, so that `fields` knows its columns. */
export interface EnsuredPerson<User extends object = Record<string, unknown>> {
  email: string
  password: string
  /** Columns of your own, as `fields` of `registerUser` takes them. @default whatever the database gives them */
  fields?: PersonFields<User>
  /** @default 'confirmed' */
  state?: Exclude<PersonState, 'second-factor'>
}

/**
 * Makes somebody in a named state, straight in the database: no mail, no form, no limits. A second factor is enrolled
 * through the library's own flows.
 *
 * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the state cannot be reached, or a column of yours needs a value.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `fields` names a library column or an unknown one.
 */
export async function createPerson<User extends object = Record<string, unknown>>(
  sigra: TestedSigra,
  options: PersonOptions<User> = {},
): Promise<Person> {
  const { state = 'confirmed', fields = {}, mailbox = null } = options
  const secret = randomBytes(9).toString('base64url')
  const { email = freshAddress(), password = `a quiet river ${secret}` } = options
  const id = await insertPerson(sigra.edge.runtime, { state, email, password, fields })
  if (!id) throw new TestSetupFailed(`${email} has an account already.`)
  const person = describePerson(sigra, { id, email, password, mailbox })
  return state === 'second-factor' ? enrolPerson(sigra, person) : person
}

/**
 * Makes somebody unless the address has an account: for a `seed.ts` that can be run twice.
 *
 * @returns Them. Who was there before may have another password by now, and is in whatever state they are in.
 * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` for an address that is none, or when a column of yours needs a value.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `fields` names a library column or an unknown one.
 */
export async function ensurePerson<User extends object = Record<string, unknown>>(
  sigra: TestedSigra,
  { email, password, fields = {}, state = 'confirmed' }: EnsuredPerson<User>,
): Promise<Person> {
  const { runtime } = sigra.edge
  const made = await insertPerson(runtime, { state, email, password, fields })
  const id = made ?? (await findPerson(runtime, email))
  return describePerson(sigra, { id, email, password, mailbox: null })
}

type Described = Pick<Person, 'id' | 'email' | 'password'> & { mailbox: string | null }

function describePerson(sigra: TestedSigra, { mailbox, ...person }: Described): Person {
  return {
    ...person,
    backupCodes: [],
    totpCode() {
      throw new TestSetupFailed(
        `${this.email} has no authenticator app: make them with { state: 'second-factor' }.`,
      )
    },
    changesEmail(browser, changed = freshAddress()) {
      return changeEmail({ sigra, person: this, mailbox }, browser, changed)
    },
    joins(organization, role) {
      return joinOrganization(sigra, this, organization, role)
    },
    isInvitedTo(organization, role) {
      return invite(sigra, this, organization, role)
    },
  }
}

function freshAddress(): string {
  return `person-${randomBytes(9).toString('hex')}@example.com`
}

interface NewPerson {
  state: PersonState
  email: string
  password: string
  fields: object
}

/** @returns null when the address has an account. */
async function insertPerson(
  runtime: Runtime,
  { state, email, password, fields }: NewPerson,
): Promise<UserId | null> {
  const address = parseEmail(email)
  if (!address) throw new TestSetupFailed(`"${email}" is no address.`)
  const { user } = runtime.tables
  const hashed = await runtime.hasher.hash(password)
  const columns = readHostFields(runtime, { ...fields })
  const isScheduled = state === 'scheduled-for-deletion'
  const now = databaseNow(runtime)
  const [row] = await statement<{ id: string }>(
    runtime,
    sql`
    insert into ${user.name} (id, email, email_canonical, hashed_password, confirmed_at, disabled_at,
      deletion_requested_at, delete_after, must_change_password, require_second_step, created_at${join(
        columns.map(({ name }) => sql`, ${name}`),
        sql``,
      )})
    values (${newId({ runtime, tables: runtime.tables }, user)}, ${email}, ${address.canonical}, ${hashed},
      case when ${state !== 'unconfirmed'} then clock_timestamp() end,
      case when ${state === 'disabled'} then clock_timestamp() end,
      case when ${isScheduled} then ${now} end,
      case when ${isScheduled} then ${now} + ${runtime.policy.deletion.graceDays * 24 * 60} * interval '1 minute' end,
      ${state === 'must-change-password'}, ${state === 'must-enrol-second-factor'}, clock_timestamp()${join(
        columns.map(({ value }) => sql`, ${value}`),
        sql``,
      )})
    on conflict (email_canonical) do nothing
    returning id::text as id`,
  ).catch(explainMissingColumn)
  return row ? toUserId(row.id) : null
}

async function findPerson(runtime: Runtime, email: string): Promise<UserId> {
  const canonical = parseEmail(email)?.canonical ?? ''
  const [row] = await statement<{ id: string }>(
    runtime,
    sql`select id::text as id from ${runtime.tables.user.name} where email_canonical = ${canonical}`,
  )
  if (!row) throw new TestSetupFailed(`${email} has no account any more.`)
  return toUserId(row.id)
}

const NOT_NULL_VIOLATION = '23502' // PostgreSQL, Appendix A

/** The database names the column, and whoever reads the failed test can give it a value. */
function explainMissingColumn(error: unknown): never {
  const { code, column } = Object(error)
  if (code !== NOT_NULL_VIOLATION) throw error
  throw new TestSetupFailed(
    `The column ${column} of a user needs a value: give createPerson one in { fields }. In a generated app they stand in tests/support/registration.ts.`,
    { cause: error },
  )
}

async function enrolPerson(sigra: TestedSigra, person: Person): Promise<Person> {
  const { runtime } = sigra.edge
  const browser = new TestBrowser(sigra)
  await browser.logIn(person)
  const enrolled = await enrollUserTotp(runtime, await browser.caller())
  if (!enrolled.ok) throw new TestSetupFailed(`Enrolling a second factor said "${enrolled.reason}".`)
  const { key } = enrolled.enrolment
  const showCode = (steps = 0) => totpCode(key, { at: new Date(Date.now() + runtime.clockOffset()), steps })
  // One step ago: the code the test types next is another one.
  const activated = await activateUserTotp(runtime, await browser.caller(), { code: showCode(-1) })
  if (!activated.ok) throw new TestSetupFailed(`Activating a second factor said "${activated.reason}".`)
  return { ...person, backupCodes: activated.backupCodes, totpCode: showCode }
}
