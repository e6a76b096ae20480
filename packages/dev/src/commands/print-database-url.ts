import { printLine, printProblem } from '../cli/print.ts'
import type { HostApp } from '../host/host-app.ts'
import { openDatabase } from '../host/open-database.ts'

/**
 * Prints the URL of the app's database, password included, and nothing else on standard output. The embedded one is up
 * only while the app runs: then the hint says so.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when production names none.
 */
export async function printDatabaseUrl(app: HostApp): Promise<void> {
  const database = await openDatabase(app)
  try {
    printLine(database.appUrl)
    if (database.isPassing) printProblem('It answers while the app runs: npm run dev')
  } finally {
    await database.close()
  }
}
