import { CommandFailed, EXIT, type ExitCode } from './command-failed.ts'
import { readHostApp } from '../host/host-app.ts'

export interface Invocation {
  directory: string
  flags: Record<string, string | boolean | undefined>
  words: string[]
}

export interface Command {
  summary: string
  /** Names of the words it takes after its own. */
  words: readonly string[]
  flags: Readonly<Record<string, { type: 'string' | 'boolean'; summary: string }>>
  run(invocation: Invocation): Promise<ExitCode>
}

const HIGHEST_PORT = 65_535

// Each command loads its own code: `sigra status` should not wait for Vite or an ORM.
export const commands: Readonly<Record<string, Command>> = {
  dev: {
    summary: 'Run database, migrations, server and worker; Ctrl-C stops all of them.',
    words: [],
    flags: { port: { type: 'string', summary: 'Port of the app; the next free one when it is taken.' } },
    async run({ directory, flags }) {
      const options = parsePort(flags['port'])
      const { runDev } = await import('../commands/run-dev.ts')
      return runDev(readHostApp(directory), options)
    },
  },
  'db:migrate': {
    summary: "Apply the app's migrations, then the mail queue's, as DATABASE_OWNER_URL where it is set.",
    words: [],
    flags: { check: { type: 'boolean', summary: 'Apply nothing; exit code 4 when migrations are missing.' } },
    async run({ directory, flags }) {
      const { migrateDatabase } = await import('../commands/migrate-database.ts')
      await migrateDatabase(readHostApp(directory), { check: flags['check'] === true })
      return EXIT.done
    },
  },
}

function parsePort(value: string | boolean | undefined): { port?: number } {
  if (value === undefined) return {}
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port <= HIGHEST_PORT) return { port }
  throw new CommandFailed(EXIT.usage, `--port wants a number from 1 to ${HIGHEST_PORT}, not "${value}".`)
}
