import { createProviderAttempt, Impossible, type ProviderFailure } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import { databaseNow, newId, statement } from '../database/transaction.ts'
import { type Busy, type Limited, orBusy } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { hashBrowserToken } from '../sessions/browser-token.ts'
import { chargeAttempt } from './charge-attempt.ts'
import { requireOauth } from './require-oauth.ts'
import { hashState, sealAttempt } from './sealed-attempt.ts'

export interface StartProviderLogInInput {
  /** The id of the provider. */
  provider: unknown
  /** Where to go after logging in: a path of this app, checked by the edge, and again where it is used. */
  redirectTo?: string | null
  /** A cookie that outlives the browser's window. @default false */
  rememberMe?: boolean
}

export type StartProviderLogInResult =
  | {
      ok: true
      /** Where to send the browser. */
      url: URL
      /** What people know the provider by. */
      label: string
    }
  /** There is no such provider. */
  | { ok: false; reason: 'unknown-provider' }
  | ProviderFailure
  | Limited
  | Busy

/**
 * Begins an attempt in this browser, and says where the provider asks who somebody is. Nothing that a form posts has a say in what
 * is sent there.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without providers.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws {Impossible} `SIGRA_IMPOSSIBLE` for a browser that was given no id before.
 */
export const startProviderLogIn = defineFlow(
  {
    name: 'startProviderLogIn',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: StartProviderLogInInput,
  ): Promise<StartProviderLogInResult> => {
    const configured = requireOauth(runtime).findProvider(input.provider)
    if (configured === null) return { ok: false, reason: 'unknown-provider' }
    if (caller.browserToken === null) throw new Impossible('an attempt began in a browser without an id')
    const limited = await chargeAttempt(runtime, caller)
    if (limited) return limited
    const { provider, redirectUri } = configured
    const attempt = createProviderAttempt()
    // The provider may be asked for its configuration: no connection is held meanwhile, and nothing kept of who gave up.
    const started = await orBusy(provider.authorize(attempt, { redirectUri }))
    if (!started.ok) return started
    await storeAttempt(runtime, {
      stateHash: hashState(attempt.state),
      browserHash: hashBrowserToken(caller.browserToken),
      provider: provider.id,
      redirectTo: input.redirectTo ?? null,
      remembered: input.rememberMe === true,
      sealedSecrets: sealAttempt(runtime.ring, attempt),
    })
    return { ok: true, url: started.url, label: provider.label }
  },
)

interface NewAttempt {
  stateHash: Uint8Array
  browserHash: Uint8Array
  provider: string
  redirectTo: string | null
  remembered: boolean
  sealedSecrets: string
}

/** One statement, which makes room for it: whoever presses on and on has ten rows. */
async function storeAttempt(runtime: Runtime, stored: NewAttempt): Promise<void> {
  const { tables, policy } = requireOauth(runtime)
  const { name } = tables.attempt
  await statement(
    runtime,
    sql`
    with dropped as (
      delete from ${name} where id in (
        select a.id from ${name} a where a.browser_hash = ${stored.browserHash}
        order by a.created_at desc, a.id desc offset ${policy.attemptsPerBrowser - 1})
    )
    insert into ${name} (id, state_hash, browser_hash, provider, step, redirect_to, remembered, sealed_secrets,
      expires_at, created_at)
    select ${newId({ runtime, tables: runtime.tables }, tables.attempt)}, ${stored.stateHash}, ${stored.browserHash},
      ${stored.provider}, 'started', ${stored.redirectTo}, ${stored.remembered}, ${stored.sealedSecrets},
      t.now + ${policy.attemptMinutes} * interval '1 minute', t.now
    from (select ${databaseNow(runtime)} as now) t`,
  )
}
