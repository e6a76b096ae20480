import { accountTable, accountUser, defineAccountData } from '@sigra/remix'
import { User } from './accounts/entities/user.ts'
import { Project } from './entities/project.ts'

/**
 * What this app keeps about people beside their accounts: what becomes of it when an account is deleted, and what of it is
 * in the export. Name every entity with a relation to `User`, and every column that you gave `User` itself; a test fails
 * for one that is missing. Node reads this too: relative imports with `.ts`, no JSX.
 *
 *   accountTable(Project, {
 *     owner: 'createdBy',
 *     export: ({ id, name }) => ({ id, name }),
 *     onDelete: 'delete', // or { set: { createdBy: null } }
 *   }),
 */
export const accountData = defineAccountData({
  version: 1, // of the shape of your part of the export
  user: accountUser(User, { export: [] }), // your columns, or `omitted: { isAdmin: 'why not' }`
  tables: [
    accountTable(Project, {
      owner: 'createdBy',
      export: ({ name, createdAt }) => ({ name, createdAt }),
      onDelete: { set: { createdBy: null } }, // it stays the organization's
    }),
  ],
})
