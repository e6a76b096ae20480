import { z } from 'zod'
import { PreconditionFailed } from './errors.ts'
import { lockFile, lockVersion, type Lock } from './lock-file.ts'
import { parseJson } from './parse-json.ts'
import { pathShape } from './path-shape.ts'
import { readShape } from './read-shape.ts'
import { parseState } from './state-shape.ts'
import { generatorVersion } from './version.ts'

const flagSet = z.record(z.string(), z.unknown()).transform((record) => Object.keys(record))
const pathSet = z.record(pathShape, z.unknown()).transform((record) => Object.keys(record))

const trackedFile = z.string().transform((entry) => {
  const space = entry.indexOf(' ')
  return { hash: entry.slice(0, space), template: entry.slice(space + 1) }
})

const lockShape = z.object({
  version: z.string(),
  state: z
    .object({
      features: flagSet,
      retired: flagSet.default([]),
      values: flagSet.default([]).transform(readValues),
      routes: z
        .record(z.string(), z.unknown())
        .transform((routes) => Object.entries(routes).map(([name, guard]) => ({ name, guard }))),
      entities: z.record(z.string(), z.string()).default({}).transform(readEntities),
    })
    .loose(),
  files: z.record(pathShape, trackedFile),
  edits: z.record(z.string(), z.enum(['changed', 'already', 'manual']).catch('manual')),
  dependencies: z.record(z.string(), z.string()),
  env: flagSet,
  migrations: pathSet,
  moved: z.record(pathShape, pathShape).default({}),
  deleted: pathSet.default([]),
  detached: pathSet,
})

/** Reads `sigra.lock.json`. @throws {PreconditionFailed} naming what is wrong. */
export function parseLock(text: string): Lock {
  const document = parseJson(text, lockFile)
  refuseNewer(document)
  const reading = readShape(lockShape, document)
  if (!reading.ok) {
    throw new PreconditionFailed(
      `${lockFile} is damaged (${reading.problem}). Take it back from version control.`,
    )
  }
  const { state, version, ...facts } = reading.value
  return { ...facts, state: parseState({ ...state, version }, lockFile) }
}

/** An older one is read as it is; what a newer one means, only its own version knows. @throws {PreconditionFailed} */
function refuseNewer(document: unknown): void {
  const written = z.object({ lockVersion: z.number(), version: z.string() }).partial().safeParse(document)
  const { lockVersion: found = 1, version = 'unknown' } = written.data ?? {}
  if (found <= lockVersion) return
  throw new PreconditionFailed(
    `${lockFile} was written by Sigra ${version}, and this is ${generatorVersion}. Install @sigra/dev@${version}, then run this again.`,
  )
}

function readEntities(entities: Record<string, string>): { name: string; owner: string; fields: string[] }[] {
  return Object.entries(entities).map(([name, text]) => {
    const [owner = '', ...fields] = text.split(' ')
    return { name, owner, fields }
  })
}

function readValues(entries: readonly string[]): Record<string, string[]> {
  const values: Record<string, string[]> = {}
  for (const entry of entries) {
    const [feature = '', value = ''] = entry.split('=')
    values[feature] = [...(values[feature] ?? []), value]
  }
  return values
}
