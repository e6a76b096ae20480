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
  flags: Readonly<Record<string, Flag>>
  run(invocation: Invocation): Promise<ExitCode>
}

export interface Flag {
  /** `optional`: with a value (`--purge=passkeys`) or without (`--purge`, which is the empty text). */
  type: 'string' | 'boolean' | 'optional'
  summary: string
}

const DECISIONS = ['refuse', 'merge', 'keep', 'replace'] as const
const HIGHEST_PORT = 65_535

const planFlags: Readonly<Record<string, Flag>> = {
  'dry-run': { type: 'boolean', summary: 'Only show the plan.' },
  json: { type: 'boolean', summary: 'The plan for programs.' },
  conflicts: { type: 'string', summary: `Decide about conflicts: ${DECISIONS.join(', ')}.` },
}

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
  'db:migration': {
    summary: 'Make a migration from what the entities say and the migrations do not. It is not applied.',
    words: ['name'],
    flags: {},
    async run({ directory, words }) {
      const { writeMigration } = await import('../commands/make-migration.ts')
      return writeMigration(directory, words[0])
    },
  },
  add: {
    summary: 'Add a feature to the app, with the migration for its tables: passkeys.',
    words: ['feature'],
    flags: planFlags,
    async run({ directory, words, flags }) {
      const options = parsePlanFlags(flags)
      const { addFeature } = await import('../commands/change-features.ts')
      return addFeature(directory, words[0], options)
    },
  },
  remove: {
    summary: 'Take a feature out of the app. What people stored stays.',
    words: ['feature'],
    flags: {
      ...planFlags,
      purge: {
        type: 'optional',
        summary: "Make the migration that drops what people stored; asks for the feature's name, or =name.",
      },
    },
    async run({ directory, words, flags }) {
      const options = { ...parsePlanFlags(flags), purge: textOf(flags['purge']) }
      const { removeFeature } = await import('../commands/change-features.ts')
      return removeFeature(directory, words[0], options)
    },
  },
  secrets: {
    summary: 'status: which keys are in use. rotate: make the next step to a new one.',
    words: ['status|rotate'],
    flags: { print: { type: 'boolean', summary: 'Print the new value instead of writing it to .env.' } },
    async run({ directory, flags, words: [action] }) {
      if (action !== 'status' && action !== 'rotate') {
        throw new CommandFailed(EXIT.usage, 'Say what to do: sigra secrets status, or sigra secrets rotate.')
      }
      const { printSecretsStatus, rotateSecrets } = await import('../commands/manage-secrets.ts')
      const app = readHostApp(directory)
      if (action === 'status') await printSecretsStatus(app)
      else await rotateSecrets(app, { print: flags['print'] === true })
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
      ...planFlags,
      continue: { type: 'boolean', summary: 'The conflicts are settled: go on.' },
      abort: { type: 'boolean', summary: 'Take back what waits with conflicts.' },
    },
    async run({ directory, flags }) {
      const step = parseStep(flags)
      const options = parsePlanFlags(flags)
      if (step === null) {
        const { applyIntent } = await import('../commands/apply-intent.ts')
        return applyIntent(directory, options)
      }
      const { abortApply, continueApply } = await import('../commands/go-back.ts')
      return step === 'continue' ? continueApply(directory) : abortApply(directory)
    },
  },
  undo: {
    summary: 'Take the last apply, add or remove back, while nothing was edited since.',
    words: [],
    flags: { 'dry-run': { type: 'boolean', summary: 'Only show which files.' } },
    async run({ directory, flags }) {
      const { undoTransition } = await import('../commands/go-back.ts')
      return undoTransition(directory, { dryRun: flags['dry-run'] === true })
    },
  },
}

function parsePlanFlags(flags: Invocation['flags']): {
  dryRun: boolean
  json: boolean
  conflicts: (typeof DECISIONS)[number] | undefined
} {
  return {
    dryRun: flags['dry-run'] === true,
    json: flags['json'] === true,
    conflicts: parseDecision(flags['conflicts']),
  }
}

function parseStep(flags: Invocation['flags']): 'continue' | 'abort' | null {
  const steps = (['continue', 'abort'] as const).filter((step) => flags[step] === true)
  if (steps.length > 0 && Object.keys(flags).length > 1) {
    throw new CommandFailed(EXIT.usage, `--${steps[0]} stands alone.`)
  }
  return steps[0] ?? null
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function parseDecision(value: string | boolean | undefined): (typeof DECISIONS)[number] | undefined {
  const decision = DECISIONS.find((known) => known === value)
  if (decision || value === undefined) return decision
  throw new CommandFailed(EXIT.usage, `--conflicts wants one of ${DECISIONS.join(', ')}, not "${value}".`)
}

function parsePort(value: string | boolean | undefined): { port?: number } {
  if (value === undefined) return {}
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port <= HIGHEST_PORT) return { port }
  throw new CommandFailed(EXIT.usage, `--port wants a number from 1 to ${HIGHEST_PORT}, not "${value}".`)
}
