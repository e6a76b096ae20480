import { listUndeclared } from '@sigra/mikro-orm'
import type { TestedSigra } from './tested-app.ts'

/**
 * Relations to the user, and columns of your own of the user, of which `app/account-data.ts` does not say what becomes of them
 * when an account is deleted or exported: `['User.displayName', 'Project.createdBy']`. Relations to an organization, of which
 * `app/organizations/organization-data.ts` does not. A test of the app expects none.
 */
export function undeclaredTables(sigra: TestedSigra): string[] {
  return listUndeclared(sigra.edge.runtime)
}
