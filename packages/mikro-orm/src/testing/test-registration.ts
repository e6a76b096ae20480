import { createUuidV7 } from '@sigra/core'
import { registerUser } from '../register/register-user.ts'
import { createTestContext, type TestContext } from './test-context.ts'
import { deliverMail, findMail, tokenOf } from './test-mail.ts'
import type { TestRuntime } from './test-runtime.ts'

export interface TestRegistration {
  email: string
  password: string
  /** The browser it was done in. */
  browser: TestContext
  /** Of the link in the mail. */
  token: string
  code: string
}

export const testPassword = 'a lonely lighthouse keeper'

/** Someone who has just registered and has the mail before them. */
export async function registerInBrowser(
  test: TestRuntime,
  from: { email?: string; password?: string; browser?: TestContext } = {},
): Promise<TestRegistration> {
  const { email = createTestEmail(), password = testPassword, browser = createTestContext() } = from
  const result = await registerUser(test.runtime, browser, { email, password })
  if (!result.ok) throw new Error(`not registered: ${result.reason}`)
  const { props } = findMail(await deliverMail(test), 'confirmAddress')
  return { email, password, browser, token: tokenOf(props.confirmUrl), code: props.code }
}

/** An address nobody has used before. */
export function createTestEmail(): string {
  return `p${createUuidV7(new Date()).replaceAll('-', '')}@example.com`
}

/** A code that is not the right one. */
export function wrongCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}
