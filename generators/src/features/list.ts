import { organizations } from './organizations.ts'
import { passkeys } from './passkeys.ts'

/** Features an app can do without, in the order in which files and help list them. */
export const optionalFeatures = [passkeys, organizations] as const
