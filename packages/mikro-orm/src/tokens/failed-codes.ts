import { sql } from '../database/sql.ts'

/** Ends both rows of wrong mailed codes of a user: an assignment, after a proof that is no guess. */
export const noFailedCodes = sql`failed_code_count = 0, unknown_failed_code_count = 0`
