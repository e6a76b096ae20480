import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ConfigInvalid, SigraError } from '@sigra/core'
import { checkDatabaseUrl, type Runtime } from '@sigra/mikro-orm'
import { applyMigrations, type DatabaseUrls, explainPending } from './apply-migrations.ts'
import { readMigrations } from './read-migrations.ts'

export interface MigrateDatabaseOptions {
  /** @default what the program was started with; `--check` only says whether something is pending */
  args?: readonly string[]
  /** @default the environment of the process */
  env?: NodeJS.ProcessEnv
}

const DONE = 0
const FAILED = 1
const PRECONDITION = 4 // as the sigra command ends

/**
 * What `npm run db:migrate` does: the app's migrations, then the mail queue's, as the owner of the schema
 * (`DATABASE_OWNER_URL`, else `DATABASE_URL`); with an owner of its own the app's role then gets its rights. Needs no
 * development package. Where one is installed and this is no production, the `sigra` command does it, which knows
 * `.env` and the embedded database.
 *
 * @param openOrm Called with `DATABASE_URL` set to the owner's: load the configuration in it, not before.
 * @returns The exit code. What is wrong is said in a sentence.
 */
export async function migrateDatabase(
  openOrm: () => Promise<Runtime['orm']>,
  { args = process.argv.slice(2), env = process.env }: MigrateDatabaseOptions = {},
): Promise<number> {
  const command = env['NODE_ENV'] === 'production' ? null : findCommand()
  if (command !== null) return runCommand(command, args, env)
  const appUrl = env['DATABASE_URL']
  if (!appUrl) {
    return refuse(
      'DATABASE_URL is not set. It should look like postgresql://user:password@host:5432/database.',
    )
  }
  const ownerUrl = env['DATABASE_OWNER_URL'] || appUrl
  const variable = ownerUrl === appUrl ? 'DATABASE_URL' : 'DATABASE_OWNER_URL'
  process.env['DATABASE_URL'] = ownerUrl
  try {
    checkDatabaseUrl('DATABASE_URL', appUrl)
    checkDatabaseUrl(variable, ownerUrl)
    const orm = await openAs(variable, openOrm)
    try {
      const problem = await findConnectionProblem(orm)
      if (problem !== null) {
        return refuse(
          `The database cannot be reached: ${problem}. Check that it runs and that ${variable} is right.`,
        )
      }
      return await migrate(orm, { isCheck: args.includes('--check'), ownerUrl, appUrl })
    } finally {
      await orm.close()
    }
  } catch (error) {
    if (!(error instanceof SigraError)) throw error
    const code = error.code === 'SIGRA_MIGRATION_REFUSED' ? FAILED : PRECONDITION
    return refuse(error.message, code)
  } finally {
    process.env['DATABASE_URL'] = appUrl
  }
}

interface Migrating extends DatabaseUrls {
  isCheck: boolean
}

async function migrate(orm: Runtime['orm'], { isCheck, ...urls }: Migrating): Promise<number> {
  await readMigrations(orm)
  orm.config.set('migrations', { ...orm.config.get('migrations'), silent: true }) // what was applied is said by us
  if (isCheck) {
    const pending = await explainPending(orm)
    return pending === null ? DONE : refuse(pending)
  }
  await applyMigrations(orm, urls, say)
  return DONE
}

/** The program of the development package, where the app has it. */
function findCommand(): string | null {
  try {
    const manifest = createRequire(join(process.cwd(), 'package.json')).resolve('@sigra/dev/package.json')
    return join(dirname(manifest), 'dist/bin.js')
  } catch {
    return null
  }
}

function runCommand(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, program, 'db:migrate', ...args], {
    env,
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? FAILED)))
}

/** The configuration reads the owner's URL as `DATABASE_URL`: what it says of that is about the variable it came from. */
async function openAs(variable: string, openOrm: () => Promise<Runtime['orm']>): Promise<Runtime['orm']> {
  try {
    return await openOrm()
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error
    throw new ConfigInvalid(error.message.replace(/^DATABASE_URL(?= )/u, variable), { cause: error })
  }
}

/** Connects. @returns Why the database cannot be reached, in the driver's words, or `null`. */
export async function findConnectionProblem(orm: Runtime['orm']): Promise<string | null> {
  try {
    await orm.connect()
    const connection = await orm.checkConnection()
    return connection.ok ? null : connection.reason
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function refuse(sentence: string, code: number = PRECONDITION): number {
  process.stderr.write(`${sentence}\n`)
  return code
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
