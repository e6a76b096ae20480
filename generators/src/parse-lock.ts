import { z } from 'zod'
import { PreconditionFailed } from './errors.ts'
import { lockFile, type Lock } from './lock-file.ts'
import { parseJson } from './parse-json.ts'
import { pathShape } from './path-shape.ts'
import { readShape } from './read-shape.ts'
import { parseState } from './state-shape.ts'

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
      routes: z
        .record(z.string(), z.unknown())
        .transform((routes) => Object.entries(routes).map(([name, guard]) => ({ name, guard }))),
    })
    .loose(),
  files: z.record(pathShape, trackedFile),
  edits: z.record(z.string(), z.enum(['changed', 'already', 'manual']).catch('manual')),
  dependencies: z.record(z.string(), z.string()),
  env: flagSet,
  migrations: pathSet,
  detached: pathSet,
})

/** Reads `sigra.lock.json`. @throws {PreconditionFailed} naming what is wrong. */
export function parseLock(text: string): Lock {
  const document = parseJson(text, lockFile)
  const lockVersion =
    typeof document === 'object' && document !== null && 'lockVersion' in document && document.lockVersion
  if (lockVersion !== undefined && lockVersion !== false && lockVersion !== 1) {
    throw new PreconditionFailed(
      `${lockFile} was written by another version of Sigra. Update @sigra/dev first.`,
    )
  }
  const reading = readShape(lockShape, document)
  if (!reading.ok) {
    throw new PreconditionFailed(
      `${lockFile} is damaged (${reading.problem}). Take it back from version control.`,
    )
  }
  const { state, version, ...facts } = reading.value
  return { ...facts, state: parseState({ ...state, version }, lockFile) }
}
