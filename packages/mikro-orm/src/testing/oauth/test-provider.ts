import { oidc, type OidcOptions, type Provider } from '@sigra/core'
import {
  type IdentityProvider,
  type ProviderPerson,
  startIdentityProvider,
} from '../../../../core/src/oauth/testing-only/identity-provider.ts'
import {
  completeProviderLogIn,
  type CompleteProviderLogInOptions,
  type CompleteProviderLogInResult,
} from '../../oauth/complete-provider-log-in.ts'
import { startProviderLogIn, type StartProviderLogInInput } from '../../oauth/start-provider-log-in.ts'
import type { Runtime } from '../../runtime.ts'
import { createTestCaller, type TestCaller } from '../test-caller.ts'
import type { TestRuntime } from '../test-runtime.ts'

/** A real provider on this machine, and what an app says of it. */
export interface TestProvider {
  idp: IdentityProvider
  provider: Provider
}

/** What it calls verified is, for the app; `mfa` is what it says of two factors. */
export async function startTestProvider(
  id: string,
  options: Partial<OidcOptions> = {},
): Promise<TestProvider> {
  const idp = await startIdentityProvider(`https://app.test/users/oauth/${id}/callback`)
  const { issuer, clientId, clientSecret } = idp
  const provider = oidc({
    id,
    label: id.toUpperCase(),
    issuer,
    clientId,
    clientSecret,
    allowPrivateNetwork: true,
    emailTrust: 'verified-claim',
    assurance: { amr: ['mfa'] },
    ...options,
  })
  return { idp, provider }
}

/** Somebody whom a provider knows, with an address that it has verified. */
export function createProviderPerson(email: string, person: Partial<ProviderPerson> = {}): ProviderPerson {
  return { sub: `sub-${email}`, email, email_verified: true, name: 'Ada', ...person }
}

/** Presses the button, and proves to the provider who one is. */
export async function comeBack(
  { runtime }: { runtime: Runtime },
  { idp, provider }: TestProvider,
  browser: TestCaller,
  input: Omit<StartProviderLogInInput, 'provider'> = {},
): Promise<URLSearchParams> {
  const started = await startProviderLogIn(runtime, browser, { provider: provider.id, ...input })
  if (!started.ok) throw new Error(`starting said ${started.reason}`)
  const { searchParams } = await idp.visit(started.url)
  return searchParams
}

/** All the way: as whom, in which browser. */
export async function logInByProvider(
  test: TestRuntime,
  at: TestProvider,
  person: ProviderPerson,
  browser: TestCaller = createTestCaller(),
  options: CompleteProviderLogInOptions & Omit<StartProviderLogInInput, 'provider'> = {},
): Promise<CompleteProviderLogInResult> {
  const { register, ...input } = options
  at.idp.person = person
  const answer = await comeBack(test, at, browser, input)
  return completeProviderLogIn(
    test.runtime,
    browser,
    { provider: at.provider.id, answer },
    register ? { register } : {},
  )
}
