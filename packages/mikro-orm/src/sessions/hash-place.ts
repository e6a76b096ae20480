import type { UserId } from '../user-id.ts'
import type { ResolvedSession } from './session.ts'

/**
 * Whose kept place in the hash queue a session may wait in. The browser of a full session is known to its account, and
 * whatever makes it a stranger's ends the session; a sign-in that still waits may come from anywhere.
 */
export function hashPlaceOf({ awaiting, userId }: ResolvedSession): UserId | null {
  return awaiting === null ? userId : null
}
