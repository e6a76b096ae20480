import { spawn } from 'node:child_process'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import type { HostApp } from '../host/host-app.ts'
import { openDatabase } from '../host/open-database.ts'

/**
 * Opens psql on the app's database, the embedded one started for it where nothing runs.
 *
 * @param args For psql, after its own connection.
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` where there is no psql: the PostgreSQL from npm brings none.
 */
export async function openPsql(app: HostApp, args: readonly string[]): Promise<ExitCode> {
  const database = await openDatabase(app)
  const url = new URL(database.appUrl)
  // Arguments of a process are everybody's to read, its environment is not.
  const env = { ...app.env, PGPASSWORD: decodeURIComponent(url.password) }
  url.password = ''
  const stay = () => undefined // Ctrl-C is for psql, which takes back what is being typed
  process.on('SIGINT', stay)
  try {
    const child = spawn('psql', ['--dbname', url.href, ...args], { env, stdio: 'inherit' })
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (exitCode) => resolve(exitCode ?? EXIT.failed))
    }).catch(explainMissing)
    return code === 0 ? EXIT.done : EXIT.failed
  } finally {
    process.removeListener('SIGINT', stay)
    await database.close()
  }
}

function explainMissing(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  throw new CommandFailed(
    EXIT.precondition,
    'psql is not on this machine. Install it (Debian: apt install postgresql-client; macOS: brew install libpq), ' +
      'or give another tool the address: npx sigra db:url',
  )
}
