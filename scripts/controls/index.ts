import type { Control } from './control.ts'
import { secretsAndSessions } from './secrets-and-sessions.ts'
import { theDoor } from './the-door.ts'
import { requests } from './requests.ts'
import { accounts } from './accounts.ts'
import { emailChange } from './email-change.ts'
import { lifeCycle } from './life-cycle.ts'
import { limits } from './limits.ts'
import { inOrganizations } from './organizations.ts'
import { byProviders } from './oauth.ts'

/** One switch-off, or several, for each fixed decision of the security design. */
export const controls: readonly Control[] = [
  ...secretsAndSessions,
  ...theDoor,
  ...requests,
  ...accounts,
  ...limits,
  ...lifeCycle,
  ...emailChange,
  ...inOrganizations,
  ...byProviders,
].toSorted((one, other) => one.row - other.row)
