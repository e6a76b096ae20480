import { PostgresFailed } from './postgres-failed.ts'
import { runProgram, type RunAs } from './run-program.ts'

const USER = 'postgres'

/**
 * PostgreSQL refuses to run as root: root hands it to the system user `postgres`, made when missing.
 * Anybody else runs it as themselves.
 *
 * @throws {PostgresFailed} `SIGRA_POSTGRES_FAILED` when there is no such user and none can be made.
 */
export async function findDatabaseUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {}

  const existing = await findIds()
  if (existing) return existing

  const made = await runProgram('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/bin/false',
    USER,
  ])
  const ids = await findIds() // even after a failure: another start may have made the user a moment earlier
  if (ids) return ids
  throw new PostgresFailed(
    `PostgreSQL does not run as root, and the system user "${USER}" could not be made (${made.output}). ` +
      'Run this as an ordinary user, or set DATABASE_URL to a database of your own.',
  )
}

async function findIds(): Promise<RunAs | null> {
  const [uid, gid] = [await runProgram('id', ['-u', USER]), await runProgram('id', ['-g', USER])]
  if (!/^\d+$/.test(uid.output) || !/^\d+$/.test(gid.output)) return null
  return { uid: Number(uid.output), gid: Number(gid.output) }
}
