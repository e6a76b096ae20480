import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { startEmbeddedPostgres } from '../postgres/start-embedded-postgres.ts'
import { chooseDataDirectory } from './data-directory.ts'
import type { HostApp } from './host-app.ts'
import { asCommandFailed, loadHostWorker } from './host-worker.ts'

/** The database of an app, while a command works on it. */
export interface OpenDatabase {
  /** Of the role that owns the schema; the app's where there is no other. */
  ownerUrl: string
  appUrl: string
  /** Started for this command alone: nobody answers at its address afterwards. */
  isPassing: boolean
  /** Stops the embedded one, unless somebody else started it. */
  close(): Promise<void>
}

/**
 * The database the app names, else the embedded one, started or shared.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when production names none, and for a URL that cannot be read, without it.
 */
export async function openDatabase({ root, env }: HostApp): Promise<OpenDatabase> {
  const url = env['DATABASE_URL']
  if (url !== undefined) {
    const ownerUrl = env['DATABASE_OWNER_URL'] || url
    await refuseUnreadable(root, { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl })
    return {
      ownerUrl,
      appUrl: url,
      isPassing: false,
      close: async () => undefined,
    }
  }
  if (env['NODE_ENV'] === 'production') {
    throw new CommandFailed(
      EXIT.precondition,
      'DATABASE_URL is not set. It should look like postgresql://user:password@host:5432/database.',
    )
  }
  const { path } = await chooseDataDirectory(root)
  const server = await startEmbeddedPostgres({ dataDirectory: path, database: 'app' })
  return { ownerUrl: server.url, appUrl: server.url, isPassing: server.started, close: () => server.stop() }
}

/** Before anything reads them, as the app would: what `new URL` throws holds the whole of one, password included. */
async function refuseUnreadable(root: string, urls: Record<string, string>): Promise<void> {
  const { checkDatabaseUrl } = await loadHostWorker(root)
  try {
    for (const [variable, url] of Object.entries(urls)) checkDatabaseUrl(variable, url)
  } catch (error) {
    throw asCommandFailed(error)
  }
}
