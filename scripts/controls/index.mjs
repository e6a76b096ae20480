// One switch-off, or several, for each fixed decision of the security design: what is changed in which file, and the
// test files that must go red then. An edit is [the text that is there exactly once, what stands in its place].

import { secretsAndSessions } from './secrets-and-sessions.mjs'
import { theDoor } from './the-door.mjs'
import { requests } from './requests.mjs'
import { accounts } from './accounts.mjs'
import { limits } from './limits.mjs'

export const controls = [...secretsAndSessions, ...theDoor, ...requests, ...accounts, ...limits].sort(
  (one, other) => one.row - other.row,
)
