import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What we remember about a server, in a file of our own inside its data directory. */
export interface ServerState {
  /** Of the superuser; connections over TCP need it, so that other users of the machine are kept out. */
  password: string
  /** Where it listened last: tried first, so that the address survives a restart. */
  port: number | null
  /** The process that will stop it. */
  ownerPid: number | null
}

const FILE = 'sigra.json'

/** Reads the state, or `null` when there is none that can be read. */
export async function findServerState(dataDirectory: string): Promise<ServerState | null> {
  const text = await readFile(join(dataDirectory, FILE), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return parseState(JSON.parse(text))
  } catch {
    return null
  }
}

/** Writes the state in one step. */
export async function writeServerState(dataDirectory: string, state: ServerState): Promise<void> {
  const file = join(dataDirectory, FILE)
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

function parseState(value: unknown): ServerState | null {
  if (typeof value !== 'object' || value === null || !('password' in value)) return null
  if (typeof value.password !== 'string') return null
  return {
    password: value.password,
    port: 'port' in value && typeof value.port === 'number' ? value.port : null,
    ownerPid: 'ownerPid' in value && typeof value.ownerPid === 'number' ? value.ownerPid : null,
  }
}
