import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { findOwnFile } from './find-own-file.ts'

/** What commands read of an area: by the shape of its declaration, as its class is the host's copy of the library. */
export interface HostArea {
  name: string
  /** By the name of each of its tables, the library's properties of the entity. */
  tables: Readonly<Record<string, object>>
  /** Which properties hold what the app's keys sealed. */
  sealed: readonly { table: string; property: string }[]
}

const AREAS_FILE = 'app/areas.ts'

/**
 * What the app has beside accounts, from its `app/areas.ts`, wherever its owner keeps that. An app of a release before
 * there were areas has none.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` where the file is gone, or exports no list of areas.
 */
export async function loadHostAreas(root: string): Promise<HostArea[]> {
  const { path, isOurs } = await findOwnFile(root, AREAS_FILE)
  const file = join(root, path)
  if (!existsSync(file)) {
    if (!isOurs) return []
    throw new CommandFailed(
      EXIT.precondition,
      `${file} is not there: it says what this app has beside accounts, and so what its keys still seal.`,
    )
  }
  const loaded: unknown = await import(pathToFileURL(file).href)
  const areas: unknown = Object(loaded).areas
  if (!Array.isArray(areas)) throw new CommandFailed(EXIT.failed, `${file} exports no list called areas.`)
  return areas.map((handle: unknown) => readArea(handle, file))
}

function readArea(handle: unknown, file: string): HostArea {
  const { name, tables, sealed = [] } = Object(Object(handle).declaration)
  if (typeof name === 'string' && typeof tables === 'object' && tables !== null && Array.isArray(sealed)) {
    return { name, tables, sealed }
  }
  throw new CommandFailed(EXIT.failed, `${file} holds something that is no area.`)
}
