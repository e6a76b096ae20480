import type * as library from '../index.ts'
import type { Runtime } from '../runtime.ts'
import type { Declared, FlowPrincipal } from './define-flow.ts'

/** What flows are made of: it does what its caller says. */
type FlowPart = 'resolveSession' | 'statement' | 'inTransaction' | 'chargeLimits'

/** Whatever is called with a runtime and takes its time, but was not made by `defineFlow` under its own name. */
type UndeclaredFlow<Library> = {
  [Name in keyof Library & string]: Library[Name] extends (
    runtime: Runtime,
    ...rest: never[]
  ) => Promise<unknown>
    ? Library[Name] extends Declared<Name, FlowPrincipal, boolean>
      ? never
      : Name
    : never
}[keyof Library & string]

type Nothing<Found extends never> = Found

/**
 * A flow that this package exports undeclared does not compile: the error names it.
 *
 * @public read by the compiler alone
 */
export type EveryFlowIsDeclared = Nothing<Exclude<UndeclaredFlow<typeof library>, FlowPart>>

/** The flows that change something in the name of one of these. */
export type FlowOf<Principal extends FlowPrincipal> = {
  [Name in keyof typeof library]: (typeof library)[Name] extends Declared<string, Principal, true>
    ? Name
    : never
}[keyof typeof library]
