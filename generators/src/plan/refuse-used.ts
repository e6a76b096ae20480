import { posix } from 'node:path'
import { PreconditionFailed } from '../errors.ts'
import { isOptionalFeature, type OptionalFeature } from '../features.ts'
import type { Lock } from '../lock-file.ts'
import { rulesOf } from '../rules.ts'
import type { State } from '../state.ts'
import { isCodePath, parseModule, walk } from '../syntax.ts'
import type { Template } from '../template.ts'
import type { Draft } from './draft.ts'
import { listFiles } from './list-files.ts'

/** So many are named; the compiler names the rest. */
const NAMED = 5

interface Leaving {
  draft: Draft
  root: string
  lock: Lock
  from: State
  to: State
  template: Template
}

/**
 * A feature whose folder the owner's own files import from does not leave: they would not compile, and an entity of theirs
 * would keep a relation to a table that nobody looks after.
 *
 * @throws {PreconditionFailed} naming these files.
 */
export async function refuseUsed({ draft, root, lock, from, to, template }: Leaving): Promise<void> {
  const leaving = from.features.filter(
    (feature) => isOptionalFeature(feature) && !to.features.includes(feature),
  )
  if (leaving.length === 0) return
  const { features: parts } = rulesOf(template)
  const tracked = new Set([...Object.keys(lock.files), ...Object.values(lock.moved), ...lock.detached])
  const own = (await listFiles(root)).filter((path) => isCodePath(path) && !tracked.has(path))
  for (const feature of leaving) {
    const folder = parts[feature]?.folder ?? ''
    const using: string[] = []
    for (const path of own)
      if (importsFrom(path, (await readOwn(draft, path)) ?? '', folder)) using.push(path)
    if (using.length > 0) throw new PreconditionFailed(refusal(feature, using))
  }
}

/**
 * The same of what was made by `sigra:entity` and `sigra:route`.
 *
 * @throws {PreconditionFailed} naming it.
 */
export function refuseNeeded(state: State, feature: OptionalFeature): void {
  if (feature !== 'organizations') return
  const entities = state.entities.filter(({ owner }) => owner === 'organization')
  const pages = state.routes.filter(({ guard }) => guard === 'member')
  const needing = [
    ...pages.map(({ name }) => `npx plop sigra:route ${name} --remove`),
    ...entities.map(({ name }) => `npx plop sigra:entity ${name} --remove`),
  ]
  if (needing.length === 0) return
  throw new PreconditionFailed(
    `Something of yours belongs to organizations. Take it back first: ${needing.join(', ')}.`,
  )
}

function importsFrom(path: string, text: string, folder: string): boolean {
  if (!text.includes(posix.basename(folder))) return false
  let found = false
  walk(parseModule(text, path)?.program, (node, parents, key) => {
    const isImport = key === 'source' || parents.at(-1)?.type === 'ImportExpression'
    if (node.type !== 'StringLiteral' || !isImport) return
    const specifier = String(node['value'])
    const target = specifier.startsWith('~/')
      ? `app/${specifier.slice(2)}`
      : posix.join(posix.dirname(path), specifier)
    if (/^[.~]/u.test(specifier) && target.startsWith(`${folder}/`)) found = true
  })
  return found
}

/** A link or no text is no module. */
function readOwn(draft: Draft, path: string): Promise<string | null> {
  return draft.disk(path).catch(() => null)
}

function refusal(feature: string, using: readonly string[]): string {
  const rest = using.length > NAMED ? ` and ${using.length - NAMED} more` : ''
  return `Files of yours use ${feature}: ${using.slice(0, NAMED).join(', ')}${rest}. Take that out of them first, then run this again.`
}
