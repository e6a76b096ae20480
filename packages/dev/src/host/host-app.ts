import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'

/** The app a command works on, and the environment its processes get. */
export interface HostApp {
  root: string
  env: NodeJS.ProcessEnv
}

/**
 * Reads the app in `directory`: its `.env` beneath the variables that are already set.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when that folder holds no app of ours.
 */
export function readHostApp(directory: string, env: NodeJS.ProcessEnv = process.env): HostApp {
  const root = resolve(directory)
  if (!existsSync(join(root, 'package.json')) || !existsSync(join(root, 'mikro-orm.config.ts'))) {
    throw new CommandFailed(
      EXIT.precondition,
      `${root} is not an app with Sigra: it needs a package.json and a mikro-orm.config.ts. ` +
        'Go to the folder of your app, or create one: npm create sigra-remix@latest',
    )
  }
  const file = join(root, '.env')
  // Decoded, not read as text: a byte-order mark would become a part of the first name.
  const fromFile = existsSync(file) ? parseEnv(new TextDecoder().decode(readFileSync(file))) : {}
  return { root, env: { ...withoutEmpty(fromFile), ...withoutEmpty(env) } }
}

/** `DATABASE_URL=` is how people switch a line off. */
function withoutEmpty(env: NodeJS.Dict<string>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
}
