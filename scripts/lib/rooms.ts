import { packageOf } from './source-module.ts'

/** A folder whose files may know some packages of this repository, and not some of others. */
interface Room {
  folder: string
  knows: readonly string[]
  /** Packages of others, a scope by `@scope/*`. */
  never: readonly string[]
  rule: string
}

const OURS = /^(?:@sigra\/.+|create-sigra-remix)$/
const FRAMEWORK = ['react-router', '@react-router/*', 'express', '@remix-run/*']
const OUTSIDE = ['@mikro-orm/*', 'pg', 'graphile-worker', 'react', 'react-email', 'node:http']

/** Who may know whom (docs/architecture.md). The first that a file stands in holds. */
const ROOMS: readonly Room[] = [
  {
    folder: 'packages/core/src',
    knows: [],
    never: [...FRAMEWORK, ...OUTSIDE],
    rule: 'core knows no other room, no request, no database and no framework',
  },
  {
    folder: 'packages/mikro-orm/src',
    knows: ['@sigra/core'],
    never: FRAMEWORK,
    rule: 'mikro-orm knows core alone, and no framework',
  },
  {
    folder: 'packages/worker/src',
    knows: ['@sigra/core', '@sigra/mikro-orm'],
    never: FRAMEWORK,
    rule: 'worker knows mikro-orm and core, and no framework',
  },
  {
    folder: 'packages/remix/src',
    knows: ['@sigra/core', '@sigra/mikro-orm'],
    never: [],
    rule: 'remix knows mikro-orm and core',
  },
  {
    folder: 'generators/src',
    knows: [],
    never: [],
    rule: 'generators handle text and import none of the runtime rooms',
  },
  {
    folder: 'packages/dev/src/testing',
    knows: ['@sigra/core', '@sigra/mikro-orm', '@sigra/generators'],
    never: [],
    rule: 'the test kit knows mikro-orm and core',
  },
  {
    folder: 'packages/dev/src',
    knows: ['@sigra/generators'],
    never: [],
    rule: 'dev knows generators; only its test kit knows mikro-orm and core',
  },
  {
    folder: 'packages/create-sigra-remix/src',
    knows: ['@sigra/generators'],
    never: [],
    rule: 'create-sigra-remix knows generators alone',
  },
]

/** Tests reach into the rooms below them, and so does what runs in tests alone. */
const FREE = /\.test\.tsx?$|\/testing-only\/|^packages\/mikro-orm\/src\/testing\//

/**
 * Why a file may not import something, or `null`.
 *
 * @param path Of the file, from the root of the repository.
 */
export function roomProblem(path: string, specifier: string): string | null {
  const room = FREE.test(path) ? undefined : ROOMS.find(({ folder }) => path.startsWith(`${folder}/`))
  const name = packageOf(specifier) ?? specifier
  if (room === undefined || room.knows.includes(name)) return null
  const isRefused = OURS.test(name) || room.never.some((each) => isOf(name, each))
  return isRefused ? `imports ${specifier}: ${room.rule}` : null
}

function isOf(name: string, pattern: string): boolean {
  return pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
