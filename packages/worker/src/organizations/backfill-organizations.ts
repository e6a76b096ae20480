import { type BackfilledOrganizations, backfillPersonalOrganizations, type Runtime } from '@sigra/mikro-orm'

/** What `createSigra` returned, as far as this needs it. */
interface BackfilledApp {
  edge: { runtime: Runtime }
}

/**
 * Gives everybody a personal organization who has none, and closes the app's database: `sigra organizations backfill`.
 *
 * @param say Told how many there are so far, after each batch.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations, or where nobody gets a personal one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function backfillOrganizations(
  { edge: { runtime } }: BackfilledApp,
  say: (sentence: string) => void,
): Promise<BackfilledOrganizations> {
  try {
    return await backfillPersonalOrganizations(runtime, { onBatch: (made) => say(`${made} made`) })
  } finally {
    await runtime.close()
    await runtime.orm.close()
  }
}
