import type { Area } from '@sigra/remix'
import { organizations } from './organizations/organizations.config.ts'
import { passkeys } from './passkeys/passkeys.config.ts'

/** What this app has beside accounts. Node reads it too: relative imports with `.ts`, no JSX. */
const all: Record<string, Area> = {
  passkeys,
  organizations,
}

/** As a list: `areas` of createSigra. */
export const areas = Object.values(all)
