import type { UserId } from '../user-id.ts'
import type { ResolvedSession } from './session.ts'

/** Who acts in a request. The audit log asks nothing else. */
export interface Principal {
  /** What the actor is. */
  kind: 'user'
  /** Whose account is acted in. */
  userId: UserId
  /** Who acts: the human, also where they act as somebody else. */
  actorId: string
  /** As whom, where that is somebody else; `null`: as themselves. */
  effectiveId: string | null
  /** The organization they are at work in. What they do to their own account is none of its business. */
  organizationId: string | null
  /** What they may do at most; `null`: whatever the person may, as in a session. */
  scopes: readonly string[] | null
}

/** Who acts by a session; `null` for strangers and for a sign-in that waits: it is signed in nowhere yet. */
export function principalOf(session: ResolvedSession | null): Principal | null {
  if (session?.awaiting !== null) return null
  const { userId } = session
  return { kind: 'user', userId, actorId: userId, effectiveId: null, organizationId: null, scopes: null }
}
