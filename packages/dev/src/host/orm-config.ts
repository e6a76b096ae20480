import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Options } from '@mikro-orm/core'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'

/**
 * The host's own MikroORM configuration, read once per process: change its files before, not after.
 *
 * @param variable Where the `DATABASE_URL` it reads comes from, for messages.
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when there is none, or it refuses a setting.
 */
export async function loadOrmConfig(root: string, variable = 'DATABASE_URL'): Promise<Partial<Options>> {
  const file = join(root, 'mikro-orm.config.ts')
  const loaded: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    if (!isConfigInvalid(error)) throw error
    throw new CommandFailed(EXIT.precondition, error.message.replace('DATABASE_URL', variable))
  })
  const config = isRecord(loaded) ? loaded['default'] : null
  if (isOptions(config)) return { baseDir: root, ...config }
  throw new CommandFailed(EXIT.failed, `${file} has no default export made with defineConfig().`)
}

/** By its code: the class is the host's copy of the library. */
function isConfigInvalid(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'SIGRA_CONFIG_INVALID'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isOptions(value: unknown): value is Partial<Options> {
  return isRecord(value)
}
