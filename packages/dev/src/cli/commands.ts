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

const DECISIONS = ['refuse', 'merge', 'keep', 'replace'] as const
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
  'db:rollback': {
    summary: "Take the newest of the app's migrations back, with what its tables hold. Not in production.",
    words: [],
    flags: { all: { type: 'boolean', summary: 'All of them.' } },
    async run({ directory, flags }) {
      const { rollBackDatabase } = await import('../commands/migrate-database.ts')
      await rollBackDatabase(readHostApp(directory), { all: flags['all'] === true })
      return EXIT.done
    },
  },
  'db:seed': {
    summary: "Run the app's seed.ts on its database. Not in production.",
    words: [],
    flags: {},
    async run({ directory }) {
      const { seedDatabase } = await import('../commands/seed-database.ts')
      await seedDatabase(readHostApp(directory))
      return EXIT.done
    },
  },
  status: {
    summary: 'Say which generated files are edited, deleted or behind.',
    words: [],
    flags: { json: { type: 'boolean', summary: 'For programs.' } },
    async run({ directory, flags }) {
      const { printStatus } = await import('../commands/apply-intent.ts')
      return printStatus(directory, { json: flags['json'] === true })
    },
  },
  diff: {
    summary: 'Show what apply would change.',
    words: [],
    flags: {},
    async run({ directory }) {
      const { diffIntent } = await import('../commands/apply-intent.ts')
      return diffIntent(directory)
    },
  },
  apply: {
    summary: 'Make the app as sigra.json says; your edits stay.',
    words: [],
    flags: {
      'dry-run': { type: 'boolean', summary: 'Only show the plan.' },
      json: { type: 'boolean', summary: 'The plan for programs.' },
      conflicts: { type: 'string', summary: `Decide about conflicts: ${DECISIONS.join(', ')}.` },
    },
    async run({ directory, flags }) {
      const conflicts = parseDecision(flags['conflicts'])
      const { applyIntent } = await import('../commands/apply-intent.ts')
      return applyIntent(directory, {
        dryRun: flags['dry-run'] === true,
        json: flags['json'] === true,
        conflicts,
      })
    },
  },
}

function parseDecision(value: string | boolean | undefined): (typeof DECISIONS)[number] {
  const decision = DECISIONS.find((known) => known === (value ?? 'refuse'))
  if (decision) return decision
  throw new CommandFailed(EXIT.usage, `--conflicts wants one of ${DECISIONS.join(', ')}, not "${value}".`)
}

function parsePort(value: string | boolean | undefined): { port?: number } {
  if (value === undefined) return {}
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port <= HIGHEST_PORT) return { port }
  throw new CommandFailed(EXIT.usage, `--port wants a number from 1 to ${HIGHEST_PORT}, not "${value}".`)
}
