import type { AreaHandle, ResolvedSession } from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import type { SigraUser } from './sigra-user.ts'

/**
 * What `sigra.area` gives of an area, as a type that waits for the app's session user: an area's `api` names it as
 * `this['user']`.
 */
export interface AreaKind {
  user: unknown
  api: unknown
}

/** What an area is made of at the edge. */
export interface AreaEdge<U extends SigraUser> {
  readonly edge: Edge
  /** The user of a session, as guards give it. */
  userOf(session: ResolvedSession): U
}

/** An area as an app configured it: for `areas` of `createSigra`, and for `sigra.area`. */
export interface Area<K extends AreaKind = AreaKind> extends AreaHandle {
  createApi<U extends SigraUser>(edge: AreaEdge<U>): (K & { user: U })['api']
}
