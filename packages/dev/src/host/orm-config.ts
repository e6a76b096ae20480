import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Options } from '@mikro-orm/core'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'

/**
 * The host's own MikroORM configuration, read once per process: change its files before, not after.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when there is none.
 */
export async function loadOrmConfig(root: string): Promise<Partial<Options>> {
  const file = join(root, 'mikro-orm.config.ts')
  const loaded: unknown = await import(pathToFileURL(file).href)
  const config = isRecord(loaded) ? loaded['default'] : null
  if (isOptions(config)) return { baseDir: root, ...config }
  throw new CommandFailed(EXIT.failed, `${file} has no default export made with defineConfig().`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isOptions(value: unknown): value is Partial<Options> {
  return isRecord(value)
}
