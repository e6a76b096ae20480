import type { AuthenticationOptions } from '@sigra/core'
import {
  type CeremonyChanges,
  createSoftwarePasskey,
  type SoftwareAuthentication,
  type SoftwareEnrolment,
  type SoftwarePasskey,
  type SoftwarePasskeyOptions,
} from '@sigra/core/testing'
import { addUserPasskey } from '../../passkeys/add-user-passkey.ts'
import { createPasskeyEnrolment } from '../../passkeys/create-passkey-enrolment.ts'
import { createPasskeyLogIn } from '../../passkeys/log-in-user-by-passkey.ts'
import { createPasskeySudo } from '../../passkeys/sudo-by-passkey.ts'
import { createPasskeySecondFactor } from '../../passkeys/verify-second-factor-by-passkey.ts'
import { createTestCaller, nextRequest, type TestCaller } from '../test-caller.ts'
import type { TestRuntime } from '../test-runtime.ts'
import { signInTestUser } from '../test-session.ts'
import { createTestUser, type TestUser } from '../test-user.ts'

export interface TestPasskey {
  id: string
  key: SoftwarePasskey
}

export interface PasskeyUser {
  user: TestUser
  passkey: TestPasskey
  /** Where it was enrolled, and is signed in with sudo. */
  browser: TestCaller
}

/** What a page would post to enrol a passkey in this browser. */
export async function answerEnrolment(
  test: TestRuntime,
  browser: TestCaller,
  key: SoftwarePasskey,
  changes?: CeremonyChanges,
): Promise<SoftwareEnrolment> {
  const start = await createPasskeyEnrolment(test.runtime, browser)
  if (!start.ok) throw new Error(`no options: ${start.reason}`)
  return key.enrol(start.options, originOf(test), changes)
}

/** Adds a passkey in a browser with sudo. */
export async function enrolTestPasskey(
  test: TestRuntime,
  browser: TestCaller,
  options: SoftwarePasskeyOptions = {},
): Promise<TestPasskey> {
  const key = createSoftwarePasskey(options)
  const response = await answerEnrolment(test, browser, key)
  const added = await addUserPasskey(test.runtime, browser, { response })
  if (!added.ok) throw new Error(`not added: ${added.reason}`)
  await nextRequest(test.runtime, browser)
  return { id: added.passkeyId, key }
}

/** Somebody with a password and a passkey. */
export async function createPasskeyUser(
  test: TestRuntime,
  options: SoftwarePasskeyOptions = {},
): Promise<PasskeyUser> {
  const user = await createTestUser(test)
  const browser = await signInTestUser(test, user)
  return { user, browser, passkey: await enrolTestPasskey(test, browser, options) }
}

/** What the log-in page would post from this browser. */
export async function answerLogIn(
  test: TestRuntime,
  browser: TestCaller,
  { key }: TestPasskey,
  changes?: CeremonyChanges,
): Promise<SoftwareAuthentication> {
  return answer(test, await createPasskeyLogIn(test.runtime, browser), key, changes)
}

/** The same from the page of the second factor. */
export async function answerSecondFactor(
  test: TestRuntime,
  browser: TestCaller,
  { key }: TestPasskey,
  changes?: CeremonyChanges,
): Promise<SoftwareAuthentication> {
  const start = await createPasskeySecondFactor(test.runtime, browser)
  if (!start.ok) throw new Error(`no options: ${start.reason}`)
  return answer(test, start.options, key, changes)
}

/** The same from the page of sudo. */
export async function answerSudo(
  test: TestRuntime,
  browser: TestCaller,
  { key }: TestPasskey,
  changes?: CeremonyChanges,
): Promise<SoftwareAuthentication> {
  return answer(test, await createPasskeySudo(test.runtime, browser), key, changes)
}

/** A browser nobody has used before, from a network of its own. */
export function createFreshBrowser(): TestCaller {
  networks += 1
  return createTestCaller({ clientAddress: `10.1.${networks >> 8}.${networks & 255}` })
}

let networks = 0

function answer(
  test: TestRuntime,
  options: AuthenticationOptions,
  key: SoftwarePasskey,
  changes: CeremonyChanges | undefined,
): SoftwareAuthentication {
  return key.authenticate(options, originOf(test), changes)
}

function originOf({ runtime }: TestRuntime): string {
  return runtime.origin.origin
}
