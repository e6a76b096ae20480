import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import { findOwnFile } from '../host/find-own-file.ts'
import type { HostApp } from '../host/host-app.ts'
import { asCommandFailed, loadHostWorker } from '../host/host-worker.ts'
import { openDatabase } from '../host/open-database.ts'

const SIGRA_FILE = 'app/sigra.server.ts'

/**
 * `sigra organizations backfill`: a personal organization for everybody who registered before the app had them, by the app's own
 * configuration. Run it as often as you like: it goes on where it was stopped.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` in an app without organizations, or where nobody gets a personal one.
 */
export async function backfillOrganizations(app: HostApp): Promise<void> {
  const { path } = await findOwnFile(app.root, SIGRA_FILE)
  const file = join(app.root, path)
  if (!existsSync(file)) throw new CommandFailed(EXIT.precondition, `${file} is not there.`)
  const worker = await loadHostWorker(app.root)
  const database = await openDatabase(app)
  try {
    Object.assign(process.env, { ...app.env, DATABASE_URL: database.appUrl }) // what the app's modules read
    const { sigra }: { sigra?: unknown } = await import(pathToFileURL(file).href)
    if (sigra === undefined) throw new CommandFailed(EXIT.failed, `${file} exports no sigra.`)
    const { made, left } = await worker.backfillOrganizations(sigra, printLine)
    printLine(`${made} ${made === 1 ? 'account has' : 'accounts have'} a personal organization now.`)
    if (left > 0) printLine(`${left} more were in use: run this again.`)
  } catch (error) {
    throw asCommandFailed(error)
  } finally {
    await database.close()
  }
}
