import { type OrganizationTable, organizationTable } from '@sigra/remix/organizations'
import { Project } from '../entities/project.ts'

/**
 * What this app keeps for organizations: what becomes of it when one is deleted, and what of it is in the export of an account
 * that nobody else shares it with. Name every entity with a relation to `Organization`; a test fails for one that is missing.
 * Node reads this too: relative imports with `.ts`, no JSX.
 *
 *   organizationTable(Project, {
 *     export: ({ id, name }) => ({ id, name }),
 *     onDelete: 'delete', // or a function that deletes them, and what goes with them
 *   }),
 */
export const organizationData: readonly OrganizationTable[] = [
  organizationTable(Project, { export: ({ id, name }) => ({ id, name }), onDelete: 'delete' }),
]
