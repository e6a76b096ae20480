import type { Caller, RequestSource } from '../caller.ts'
import type { Runtime } from '../runtime.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { requireFreshSudo, requireSignedIn, type SensitiveAction } from '../sudo/sudo-session.ts'
import { type FlowName, traceFlow } from '../telemetry/trace-flow.ts'
import { refuseImpersonation } from './refuse-impersonation.ts'

/**
 * In whose name a flow is run. `session`: somebody signed in. `pending`: a sign-in that waits for its next step.
 * `enrolment`: either of them. `browser`: whoever presented a session, whatever became of it. `mail`: whoever holds the
 * mail. `visitor`: anybody. `operator` and `worker` come by no request of a visitor.
 */
export type FlowPrincipal =
  'session' | 'pending' | 'enrolment' | 'browser' | 'mail' | 'visitor' | 'operator' | 'worker'

/** What a flow says of itself, where it is defined. */
export interface FlowDeclaration {
  /** The name it is exported by. */
  name: string
  principal: FlowPrincipal
  /** `false`: it may be run in a read-only transaction. */
  changes: boolean
  /**
   * What a signed-in session needs a fresh sudo for. A sign-in that waits was made a moment ago and needs none. `given`: the
   * flow gives sudo, or begins to: to a session that is signed in, and to nobody else.
   */
  sudo: SensitiveAction | 'given' | false
  /** Whether somebody may call it who acts as another person. */
  impersonation: 'allowed' | 'refused'
  /** Where it is published, see `traceFlow`. */
  channel: FlowName | null
}

/** What `defineFlow` makes carries what was declared. */
export interface Declared<Name extends string, Principal extends FlowPrincipal, Changes extends boolean> {
  readonly declaration: FlowDeclaration & { name: Name; principal: Principal; changes: Changes }
}

/** The request of a flow that asks for sudo or gives it: somebody's whose session was looked at. */
export interface SudoCaller extends Caller {
  session: ResolvedSession
}

interface SudoFlow<Name extends string, Principal extends FlowPrincipal> extends FlowDeclaration {
  name: Name
  principal: Principal
  changes: true
  sudo: SensitiveAction
}

interface GivingFlow<Name extends string, Changes extends boolean> extends FlowDeclaration {
  name: Name
  principal: 'session'
  changes: Changes
  sudo: 'given'
}

interface OtherFlow<
  Name extends string,
  Principal extends FlowPrincipal,
  Changes extends boolean,
> extends FlowDeclaration {
  name: Name
  principal: Principal
  changes: Changes
  sudo: false
  /** What tells that sudo was given says that it gives it. */
  channel: Exclude<FlowName, 'session.sudo'> | null
}

/** Whoever asks, as far as a flow is told. */
type Asker = RequestSource & Partial<Pick<Caller, 'principal' | 'session'>>

/**
 * Makes a flow of what it says and what it does. What it says is done for it: it is published on its channel, and
 * before it runs, whoever acts as somebody else is refused, and the session of one that asks for sudo or gives it is looked
 * at, in this order. A flow that is exported undeclared does not compile: see `every-flow.ts`.
 *
 * @param flow With `sudo`, its `caller.session` is there. Routes ask first, by `requireSudo`; this is for the one that forgot.
 */
export function defineFlow<
  const Name extends string,
  const Principal extends 'session' | 'enrolment',
  Rest extends unknown[],
  Result,
>(
  declaration: SudoFlow<Name, Principal>,
  flow: (runtime: Runtime, caller: SudoCaller, ...rest: Rest) => Promise<Result>,
): ((runtime: Runtime, caller: Caller, ...rest: Rest) => Promise<Result>) & Declared<Name, Principal, true>
export function defineFlow<
  const Name extends string,
  const Changes extends boolean,
  Rest extends unknown[],
  Result,
>(
  declaration: GivingFlow<Name, Changes>,
  flow: (runtime: Runtime, caller: SudoCaller, ...rest: Rest) => Promise<Result>,
): ((runtime: Runtime, caller: Caller, ...rest: Rest) => Promise<Result>) & Declared<Name, 'session', Changes>
export function defineFlow<
  const Name extends string,
  const Principal extends FlowPrincipal,
  const Changes extends boolean,
  Call extends (runtime: Runtime, ...rest: never[]) => Promise<unknown>,
>(declaration: OtherFlow<Name, Principal, Changes>, flow: Call): Call & Declared<Name, Principal, Changes>
export function defineFlow(
  declaration: FlowDeclaration,
  flow: (...args: never[]) => Promise<unknown>,
): unknown {
  return Object.assign(carry(declaration, flow), { declaration })
}

function carry<Args extends unknown[], Result>(
  { principal, sudo, impersonation, channel }: FlowDeclaration,
  flow: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const asker = args.find(isAsker) ?? null
    const work = async () => {
      if (impersonation === 'refused') refuseImpersonation(asker ?? {})
      const session = asker?.session ?? null
      if (sudo === 'given') requireSignedIn(session)
      else if (sudo !== false) requireFreshSudo(session, sudo, { mayEnrol: principal === 'enrolment' })
      return flow(...args)
    }
    return channel === null ? work() : traceFlow(channel, asker, work)
  }
}

/** Flows of a request are given its caller; those of an operator may be given what it came from. */
function isAsker(value: unknown): value is Asker {
  return typeof value === 'object' && value !== null && 'requestId' in value && 'userAgent' in value
}
