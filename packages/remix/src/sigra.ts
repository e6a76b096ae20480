import { deprecate } from 'node:util'
import { ConfigInvalid, requireOneVersion, type TokenPurpose, version as coreVersion } from '@sigra/core'
import {
  type Awaiting,
  checkStart,
  createRuntime,
  type ResolvedSession,
  type Runtime,
  version as mikroOrmVersion,
} from '@sigra/mikro-orm'
import { type Accounts, createAccounts } from './accounts.ts'
import type { Area, AreaKind } from './area.ts'
import type { Edge } from './edge.ts'
import { logFailure } from './failure.ts'
import { type FlashMessage, isLeftBy, readFlash, setFlash } from './flash.ts'
import {
  findFullSession,
  requireFullSession,
  requireNoSession,
  requirePendingSession,
  requireSudoSession,
  type SudoRequirement,
  type UserRequirement,
} from './guards.ts'
import { createHealth, type Health } from './health.ts'
import {
  carryTypedAddress,
  endMailFlow,
  type MailFlow,
  readMailFlow,
  readTypedAddress,
  startMailFlow,
} from './mail-flow.ts'
import { edgeSettings, runtimeOptions, type SigraOptions } from './options.ts'
import { landingPath, localPath, seeOther } from './redirects.ts'
import { takeHeaders } from './request/answer-headers.ts'
import type { RequestArgs } from './request/request-args.ts'
import { type Visit, visitOf } from './request/visit.ts'
import { replaceRuntime } from './running-runtime.ts'
import type { SigraUser } from './sigra-user.ts'
import { version } from './version.ts'

/** A message for the next page: a key of a list of the app's own, for example (`FlashOf`). */
export interface Flash<F extends FlashMessage = FlashMessage> {
  /** The message that the request before left; every loader of this request gets it, the next request none. */
  read(args: RequestArgs): Promise<F | null>
  set(args: RequestArgs, message: F): void
}

/**
 * An address as it was typed, for the page that asks for it next; nothing says that it has an account. It lasts 30
 * minutes, through reloads, until somebody signs in or out or types another one; who opens a page afresh does not see it.
 */
export interface TypedEmail {
  /** What the `f` of the URL names; `undefined` without one, as `defaultValue` of a field takes it. */
  read(args: RequestArgs): Promise<string | undefined>
  /** A path with the address along, for a redirect or a link. */
  carry(args: RequestArgs, path: string, email: string): string
}

/** What `createSigra` makes: everything routes, context and servers of the host work with. One per process. */
export interface Sigra<U extends SigraUser = SigraUser, F extends FlashMessage = FlashMessage> {
  /** @deprecated Goes in the next minor version. `policy`, `close` and `area` are what an app needs of it. */
  get runtime(): Runtime
  /**
   * For servers, before they listen: what only the database knows. Resolves at once in development, and in production
   * also while the database is away, which is then asked again when requests come.
   *
   * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the database holds demo users.
   */
  start(): Promise<void>
  /** For servers and workers that stop: nothing is asked of the database any more, and `orm` is closed. */
  close(): Promise<void>
  /** Every number and switch of `policy`, defaults included: what pages need of it to say what holds. */
  readonly policy: Runtime['policy']
  /** What people accept, in the versions of now: for the page that registers. */
  readonly documents: Runtime['documents']
  /** Who is signed in, or `null`. @throws {Response} 503 while the database is away. */
  getUser(args: RequestArgs): Promise<U | null>
  /** @throws {Response} 303 to log-in and back, or to the step a pending sign-in waits for. */
  requireUser(args: RequestArgs, requirement?: UserRequirement): Promise<U>
  /** Who proved again, within the last minutes, who they are. @throws {Response} 303 to sudo and back. */
  requireSudo(args: RequestArgs, requirement?: SudoRequirement): Promise<U>
  /** Whose sign-in waits for this step. @throws {Response} 303 to wherever they belong. */
  requirePending(args: RequestArgs, step: Awaiting): Promise<U>
  /** @throws {Response} 303 to `redirectTo` or `/` when somebody is signed in. */
  requireAnonymous(args: RequestArgs): Promise<void>
  /**
   * Headers the answer owes the browser, for hosts with neither middleware nor wrapper. Each cookie is handed out
   * once: whoever asks must send them.
   */
  headers(args: RequestArgs): Headers
  readonly flash: Flash<F>
  readonly typedEmail: TypedEmail
  /**
   * A 303 to a path of this app; anything else leads to `/`. There `sigra.flash` reads `flash`, and `sigra.typedEmail`
   * `email`.
   */
  redirect(args: RequestArgs, path: string, options?: { flash?: F; email?: string }): Response
  /**
   * Where somebody may be sent after logging in: a page of this app that `redirectTo` names, else `/`. For pages on the way
   * that have a link to go on.
   */
  landingPath(redirectTo: unknown): string
  /** Takes a mailed token out of the address bar: 303 to `continuePath?f=…`, the token travels in a sealed cookie. */
  startMailFlow(
    args: RequestArgs,
    purpose: TokenPurpose,
    token: unknown,
    continuePath: string,
  ): Promise<Response>
  /** @param f From the form; by default the `f` of the URL. `null` says that the page is out of date. */
  readMailFlow(args: RequestArgs, purpose: TokenPurpose, f?: string): Promise<MailFlow | null>
  /** The form was answered. A second press of its button finds the flow for a minute more. */
  endMailFlow(args: RequestArgs, f: string): Promise<void>
  readonly accounts: Accounts
  /**
   * What an area brings, typed by what `app/areas.ts` names.
   *
   * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when it is not among `areas`.
   */
  area<K extends AreaKind>(area: Area<K>): (K & { user: U })['api']
  readonly health: Health
  /** What an error page may show: it is in the log lines and audit rows of this request. */
  requestId(args: RequestArgs): string
  /** For `handleError`: what a page failed with, as one line of the log that no message can break or flood. */
  logFailure(args: RequestArgs, error: unknown): void
  /** Of this answer's Content-Security-Policy: what `entry.server.tsx` gives to the renderer and to its scripts. */
  nonce(args: RequestArgs): string
  /** For wrappers and middleware. */
  readonly edge: Edge
}

const RUNTIME_GOES =
  'sigra.runtime goes in the next minor version of @sigra/remix: use sigra.policy, sigra.close or sigra.area'

/**
 * Checks every option once and makes what routes work with. The runtime of a former call in this process is closed.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, one sentence for the first mistake found.
 */
export function createSigra<U extends SigraUser = SigraUser, F extends FlashMessage = FlashMessage>(
  options: SigraOptions,
): Sigra<U, F> {
  if (typeof options !== 'object' || options === null)
    throw new ConfigInvalid('createSigra needs its options')
  requireOneVersion({ name: '@sigra/remix', version }, [
    { name: '@sigra/mikro-orm', version: mikroOrmVersion },
    { name: '@sigra/core', version: coreVersion },
  ])
  const runtime = createRuntime(runtimeOptions(options))
  const edge: Edge = { runtime, settings: edgeSettings(options, runtime) }
  replaceRuntime(runtime)
  const at = (args: RequestArgs): Visit => visitOf(edge, args)
  checkStart(runtime).catch(() => undefined) // it was logged, and no request gets past it
  const deprecatedRuntime = deprecate(() => runtime, RUNTIME_GOES, 'SIGRA_RUNTIME')
  return {
    get runtime() {
      return deprecatedRuntime()
    },
    edge,
    start: () => checkStart(runtime),
    async close() {
      try {
        await runtime.close()
      } finally {
        await runtime.orm.close()
      }
    },
    policy: runtime.policy,
    documents: runtime.documents,
    async getUser(args) {
      const session = await findFullSession(at(args))
      return session && userOf<U>(session)
    },
    requireUser: async (args, requirement) => userOf<U>(await requireFullSession(at(args), requirement)),
    requireSudo: async (args, requirement) => userOf<U>(await requireSudoSession(at(args), requirement)),
    requirePending: async (args, step) => userOf<U>(await requirePendingSession(at(args), step)),
    requireAnonymous: async (args) => requireNoSession(at(args)),
    headers: (args) => takeHeaders(at(args).state),
    flash: {
      async read(args) {
        const message = readFlash(at(args))
        return isLeftBy<F>(message) ? message : null
      },
      set: (args, message) => setFlash(at(args), message),
    },
    typedEmail: {
      read: async (args) => readTypedAddress(at(args)) ?? undefined,
      carry: (args, path, email) => carryTypedAddress(at(args), path, email),
    },
    redirect(args, path, { flash, email } = {}) {
      const visit = at(args)
      if (flash !== undefined) setFlash(visit, flash)
      const local = localPath(edge.settings, path)
      return seeOther(visit.state, email === undefined ? local : carryTypedAddress(visit, local, email))
    },
    landingPath: (redirectTo) => landingPath(edge.settings, redirectTo) ?? '/',
    startMailFlow: async (args, purpose, token, continuePath) =>
      startMailFlow(at(args), purpose, token, continuePath),
    readMailFlow: async (args, purpose, f) => readMailFlow(at(args), purpose, f),
    endMailFlow: async (args, f) => endMailFlow(at(args), f),
    accounts: createAccounts(edge),
    area(area) {
      requireArea(runtime, area)
      return area.createApi<U>({ edge, userOf: (session) => userOf<U>(session) })
    },
    health: createHealth(edge),
    requestId: (args) => at(args).state.requestId,
    logFailure: (args, error) => logFailure(edge, at(args).state, error),
    nonce: (args) => at(args).state.nonce,
  }
}

/** By name: development makes the modules of an app anew, and a handle with them. */
function requireArea({ areas }: Runtime, { declaration: { name } }: Area): void {
  if (areas.some(({ declaration }) => declaration.name === name)) return
  throw new ConfigInvalid(`sigra.area: ${name} is not among areas; name it in app/areas.ts`)
}

/** A copy: what a loader does to it stays there. The columns are those `sessionUser` names, checked at start. */
function userOf<U extends SigraUser>(session: ResolvedSession): U {
  const user: SigraUser = { ...session.user }
  return user as U // the one place where the host's declared columns get their type
}
