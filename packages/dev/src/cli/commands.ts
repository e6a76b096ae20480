import {
  Argument,
  createProgram,
  ends,
  EXIT,
  exitCodeMeanings,
  InvalidArgumentError,
  optionalFeatures,
  Option,
  type Command,
} from '@sigra/generators/command-line'
import { readHostApp } from '../host/host-app.ts'
import { CommandFailed } from './command-failed.ts'
import { readVersion } from './read-version.ts'

const DECISIONS = ['refuse', 'merge', 'keep', 'replace'] as const
const FEATURES = optionalFeatures.map(({ name }) => name)
const HIGHEST_PORT = 65_535

interface PlanFlags {
  dryRun?: boolean
  json?: boolean
  conflicts?: (typeof DECISIONS)[number]
}

/**
 * Every command of `sigra`, for an app in `directory`. Each loads its own code when it runs: `sigra status` should not
 * wait for Vite or an ORM.
 */
export function createSigra(directory: string): Command {
  const sigra = createProgram('sigra', readVersion())
    .usage('<command> [flags]')
    .addHelpText('after', `\nsigra <command> --help says more.\n\nExit codes:\n${listExitCodes()}`)
  addDevelopment(sigra, directory)
  addDatabase(sigra, directory)
  addFeatures(sigra, directory)
  addOrganizations(sigra, directory)
  addSecrets(sigra, directory)
  addFiles(sigra, directory)
  return sigra
}

function listExitCodes(): string {
  return Object.entries(exitCodeMeanings)
    .map(([code, meaning]) => `  ${code.padEnd(4)}${meaning}`)
    .join('\n')
}

function addDevelopment(sigra: Command, directory: string): void {
  sigra
    .command('dev')
    .description('Run database, migrations, server and worker; Ctrl-C stops all of them.')
    .option('--port <port>', 'Port of the app; the next free one when it is taken.', parsePort)
    .action(
      ends(async ({ port }: { port?: number }) => {
        const { runDev } = await import('../commands/run-dev.ts')
        return runDev(readHostApp(directory), port === undefined ? {} : { port })
      }),
    )
}

function addDatabase(sigra: Command, directory: string): void {
  sigra
    .command('db:migrate')
    .description("Apply the app's migrations, then the mail queue's, as DATABASE_OWNER_URL where it is set.")
    .option('--check', 'Apply nothing; exit code 4 when migrations are missing.')
    .action(
      ends(async ({ check = false }: { check?: boolean }) => {
        const { migrateDatabase } = await import('../commands/migrate-database.ts')
        await migrateDatabase(readHostApp(directory), { check })
        return EXIT.done
      }),
    )
  addRollback(sigra, directory)
  addSeed(sigra, directory)
  addDatabaseTools(sigra, directory)
  addMigration(sigra, directory)
}

function addRollback(sigra: Command, directory: string): void {
  sigra
    .command('db:rollback')
    .description(
      "Roll back the newest of the app's migrations; the data in its tables is lost. Not in production.",
    )
    .option('--all', 'All of them.')
    .action(
      ends(async ({ all = false }: { all?: boolean }) => {
        const { rollBackDatabase } = await import('../commands/migrate-database.ts')
        await rollBackDatabase(readHostApp(directory), { all })
        return EXIT.done
      }),
    )
}

function addSeed(sigra: Command, directory: string): void {
  sigra
    .command('db:seed')
    .description("Run the app's seed.ts on its database. Not in production.")
    .action(
      ends(async () => {
        const { seedDatabase } = await import('../commands/seed-database.ts')
        await seedDatabase(readHostApp(directory))
        return EXIT.done
      }),
    )
}

function addMigration(sigra: Command, directory: string): void {
  sigra
    .command('db:migration')
    .description('Make a migration from the changes to your entities. It is not applied.')
    .argument('[name]', 'Added to the name of its file.')
    .action(
      ends(async (name: string | undefined) => {
        const { writeMigration } = await import('../commands/make-migration.ts')
        return writeMigration(directory, name)
      }),
    )
}

function addDatabaseTools(sigra: Command, directory: string): void {
  sigra
    .command('db:reset')
    .description("Empty the app's database and apply all migrations again. Not in production.")
    .option('--confirm <database>', 'The name of the database; needed when DATABASE_URL is set.')
    .action(
      ends(async (options: { confirm?: string }) => {
        const { resetDatabase } = await import('../commands/reset-database.ts')
        await resetDatabase(readHostApp(directory), options)
        return EXIT.done
      }),
    )
  sigra
    .command('db:url')
    .description("Print the address of the app's database, password included.")
    .action(
      ends(async () => {
        const { printDatabaseUrl } = await import('../commands/print-database-url.ts')
        await printDatabaseUrl(readHostApp(directory))
        return EXIT.done
      }),
    )
  sigra
    .command('db:psql')
    .description("Open psql on the app's database.")
    .argument('[args...]', 'For psql, after --.')
    .action(
      ends(async (args: string[]) => {
        const { openPsql } = await import('../commands/open-psql.ts')
        return openPsql(readHostApp(directory), args)
      }),
    )
}

function addFeatures(sigra: Command, directory: string): void {
  withPlanFlags(sigra.command('add'))
    .description('Add a feature to the app, with the migration for its tables.')
    .addArgument(new Argument('<feature>').choices(FEATURES))
    .argument('[values...]', 'What of it, where it leaves a choice.')
    .action(
      ends(async (feature: string, values: string[], flags: PlanFlags) => {
        const { addFeature } = await import('../commands/change-features.ts')
        return addFeature(directory, [feature, ...values], flags)
      }),
    )
  withPlanFlags(sigra.command('remove'))
    .description('Take a feature out of the app. What people stored stays.')
    .addArgument(new Argument('<feature>').choices(FEATURES))
    .option(
      '--purge [feature]',
      "Also make the migration that drops its tables; asks you to type the feature's name, unless you give it.",
    )
    .action(
      ends(async (feature: string, { purge, ...flags }: PlanFlags & { purge?: string | true }) => {
        const { removeFeature } = await import('../commands/change-features.ts')
        return removeFeature(directory, feature, { ...flags, purge: purge === true ? '' : purge })
      }),
    )
}

function addOrganizations(sigra: Command, directory: string): void {
  sigra
    .command('organizations')
    .description('Look after organizations.')
    .addArgument(
      new Argument(
        '<action>',
        'backfill: a personal one for everybody who registered before the app had them',
      ).choices(['backfill']),
    )
    .action(
      ends(async () => {
        const { backfillOrganizations } = await import('../commands/organizations-backfill.ts')
        await backfillOrganizations(readHostApp(directory))
        return EXIT.done
      }),
    )
}

function addSecrets(sigra: Command, directory: string): void {
  sigra
    .command('secrets')
    .description('Show or rotate the keys in SIGRA_SECRETS.')
    .addArgument(
      new Argument(
        '<action>',
        'status: which keys are in use; rotate: make the next step to a new one',
      ).choices(['status', 'rotate']),
    )
    .option('--print', 'Print the new value instead of writing it to .env.')
    .action(
      ends(async (step: string, { print = false }: { print?: boolean }) => {
        const { printSecretsStatus, rotateSecrets } = await import('../commands/manage-secrets.ts')
        const app = readHostApp(directory)
        if (step === 'status') await printSecretsStatus(app)
        else await rotateSecrets(app, { print })
        return EXIT.done
      }),
    )
}

function addFiles(sigra: Command, directory: string): void {
  sigra
    .command('status')
    .description('Say which generated files are edited, deleted or behind.')
    .option('--json', 'Print JSON.')
    .action(
      ends(async (flags: { json?: boolean }) => {
        const { printStatus } = await import('../commands/apply-intent.ts')
        return printStatus(directory, flags)
      }),
    )
  sigra
    .command('diff')
    .description('Show what apply would change.')
    .action(
      ends(async () => {
        const { diffIntent } = await import('../commands/apply-intent.ts')
        return diffIntent(directory)
      }),
    )
  addApply(sigra, directory)
  addUndo(sigra, directory)
}

function addApply(sigra: Command, directory: string): void {
  withPlanFlags(sigra.command('apply'))
    .description('Apply sigra.json to the app; your edits stay.')
    .option('--continue', 'Go on, once you have resolved the conflicts.')
    .option('--abort', 'Undo the apply that left conflicts.')
    .action(
      ends(async ({ continue: goOn, abort, ...flags }: PlanFlags & { continue?: true; abort?: true }) => {
        const step = goOn ? 'continue' : abort ? 'abort' : null
        if (step === null) {
          const { applyIntent } = await import('../commands/apply-intent.ts')
          return applyIntent(directory, flags)
        }
        if ((goOn && abort) || Object.keys(flags).length > 0) {
          throw new CommandFailed(EXIT.usage, `--${step} cannot be combined with other options.`)
        }
        const { abortApply, continueApply } = await import('../commands/go-back.ts')
        return step === 'continue' ? continueApply(directory) : abortApply(directory)
      }),
    )
}

function addUndo(sigra: Command, directory: string): void {
  sigra
    .command('undo')
    .description('Take the last apply, add or remove back, while nothing was edited since.')
    .option('--dry-run', 'Only show which files.')
    .action(
      ends(async (flags: { dryRun?: boolean }) => {
        const { undoTransition } = await import('../commands/go-back.ts')
        return undoTransition(directory, flags)
      }),
    )
}

function withPlanFlags(command: Command): Command {
  return command
    .option('--dry-run', 'Only show the plan.')
    .option('--json', 'Print the plan as JSON.')
    .addOption(new Option('--conflicts <decision>', 'What to do with every conflict.').choices(DECISIONS))
}

function parsePort(value: string): number {
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port <= HIGHEST_PORT) return port
  throw new InvalidArgumentError(`Use a number from 1 to ${HIGHEST_PORT}.`)
}
