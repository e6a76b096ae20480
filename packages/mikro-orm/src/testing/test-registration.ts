import { createUuidV7 } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { registerUser } from '../register/register-user.ts'
import { createTestCaller, type TestCaller } from './test-caller.ts'
import { deliverMail, findMail, tokenOf } from './test-mail.ts'
import type { TestRuntime } from './test-runtime.ts'

export interface TestRegistration {
  email: string
  password: string
  /** The browser it was done in. */
  browser: TestCaller
  /** Of the link in the mail. */
  token: string
  code: string
}

export const testPassword = 'a lonely lighthouse keeper'

/** Someone who has just registered and has the mail before them. */
export async function registerInBrowser(
  test: TestRuntime,
  from: { email?: string; password?: string; browser?: TestCaller } = {},
): Promise<TestRegistration> {
  const { email = createTestEmail(), password = testPassword, browser = createTestCaller() } = from
  const result = await registerUser(test.runtime, browser, { email, password })
  if (!result.ok) throw new Error(`not registered: ${result.reason}`)
  const { props } = findMail(await deliverMail(test), 'confirmAddress')
  return { email, password, browser, token: tokenOf(props.confirmUrl), code: props.code }
}

/** Whether the address of an account is proven. */
export async function isConfirmed(test: TestRuntime, { email }: { email: string }): Promise<boolean> {
  const { user } = test.runtime.tables
  const rows = await test.rows(
    sql`select from ${user.name} where email = ${email} and confirmed_at is not null`,
  )
  return rows.length === 1
}

/** Whether somebody gets in by a password, from a browser nobody knows. */
export async function canLogIn({ runtime }: TestRuntime, email: string, password: string): Promise<boolean> {
  return (await logInUser(runtime, createTestCaller(), { email, password })).ok
}

/** An address nobody has used before. */
export function createTestEmail(): string {
  return `p${createUuidV7(new Date()).replaceAll('-', '')}@example.com`
}

/** A code that is not the right one. */
export function wrongCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}
