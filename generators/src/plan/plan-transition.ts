import type { Options } from 'prettier'
import { renderFrom, shippedArchive, type Archive } from '../archive.ts'
import { already, type HostEdit } from '../edits/edit.ts'
import { envKeys } from '../env-blocks.ts'
import { hostEdits } from '../edits/host-edits.ts'
import { PreconditionFailed } from '../errors.ts'
import { tablesOf } from '../feature-tables.ts'
import { createFormatter, type Formatter } from '../format.ts'
import { formatIntent, intentFile } from '../intent-file.ts'
import { formatLock, lockFile, type Lock } from '../lock-file.ts'
import { loadParsers } from '../load-parsers.ts'
import { readManifest } from '../package-json.ts'
import type { RenderedFile } from '../render.ts'
import type { State } from '../state.ts'
import { refuseTakenNames } from '../taken-names.ts'
import { refuseTakenEntities } from '../taken-entities.ts'
import { refuseTakenRoutes } from '../taken-routes.ts'
import { createDraft, type Draft } from './draft.ts'
import { findPlaces } from './find-places.ts'
import { isInWorkspace } from './is-in-workspace.ts'
import { layOutEdits } from './lay-out-edits.ts'
import { hasOwnDatabase, planFiles, type TrackedFiles } from './plan-files.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { refuseUsed } from './refuse-used.ts'
import type { Conflict, Decision, EditReport, Plan } from './plan.ts'

export interface TransitionOptions {
  /** Absolute path of the app; need not exist yet. */
  root: string
  /** Last applied; `null`: nothing of ours is there yet. */
  from: State | null
  to: State
  /** How a conflict is settled. @default everything is refused */
  decide?: (conflict: Conflict) => Decision
  /** Tests pass their own templates. @default the templates that ship with this package */
  archive?: Archive
}

/**
 * Works out how an app gets from one state to another. Reads the disk, writes nothing.
 *
 * @throws {PreconditionFailed} when a file cannot be handled, `sigra.lock.json` is missing or damaged, or files of the owner's
 *   use a feature that leaves.
 * @throws {UsageInvalid} when `sigra.json` holds unusable names, or a page or an entity where another one is.
 */
export async function planTransition(options: TransitionOptions): Promise<Plan> {
  const { root, from, to, decide = () => 'refuse', archive = shippedArchive } = options
  const render = renderFrom(archive)
  refuseTakenNames(from, to, archive(to.version))
  refuseTakenRoutes(to, render)
  refuseTakenEntities(to, render)
  const draft = createDraft(root)
  const lock = from === null ? null : await readLock(draft)
  if (from !== null && lock !== null)
    await refuseUsed({ draft, root, lock, from, to, template: archive(from.version) })
  const base = from === null ? new Map<string, RenderedFile>() : render(from)
  const target = render(to)
  const edits = hostEdits({
    state: to,
    retired: {
      before: from === null ? [] : tablesOf(from.retired, from.names, archive(from.version)),
      now: tablesOf(to.retired, to.names, archive(to.version)),
    },
    asked: lock?.dependencies ?? {},
    rendered: textsOf(new Map([...render({ ...to, app: 'created' }), ...target])),
    before: from === null ? null : textsOf(render({ ...from, app: 'created' })),
    hasOwnDatabase: to.app === 'existing' && (await hasOwnDatabase(draft, lock)),
    isInWorkspace: to.app === 'existing' && isInWorkspace(root, to.flags.pm),
  })
  const style = to.app === 'created' ? styleOf(target) : null
  const format = createFormatter(
    root,
    from === null ? style : null,
    style && { style, texts: laidOut(base, target) },
  )

  const places =
    lock === null ? { moved: new Map(), ties: new Map() } : await findPlaces(draft, root, lock, base)
  const tracked = await planFiles({ draft, base, target, lock, places, edits, format, decide, from, to })
  const reports = await planEdits(draft, edits, { lock, tracked })
  if (to.app === 'existing') await layOutEdits(draft, reports, format)
  await planSnapshot(draft, root)
  if (from !== null && movesTables(from, to)) draft.notes.push(moveByHand)
  await planIntent(draft, to, format)
  const lockAction = (await draft.disk(lockFile)) === null ? 'create' : 'write'
  const text = formatLock(await nextLock(draft, lock, tracked, reports, target, to))
  await draft.set(lockFile, lockAction, to.app === 'existing' ? await format(lockFile, text) : text)

  return {
    root,
    from,
    to,
    changes: draft.changes(),
    conflicts: draft.conflicts,
    merges: draft.merges,
    edits: reports,
    dependencies: await addedDependencies(draft),
    notes: draft.notes,
  }
}

const moveByHand =
  'Names or keys of tables change: write that migration by hand. A generated one would drop the tables and create them again.'

function movesTables(from: State, to: State): boolean {
  const hasBoth = from.features.includes('accounts') && to.features.includes('accounts')
  const isSame = from.names.table === to.names.table && from.names.entity === to.names.entity
  return hasBoth && (!isSame || from.flags.id !== to.flags.id)
}

/** Makes each edit that was not made before, on the text as it will be. */
async function planEdits(
  draft: Draft,
  edits: readonly HostEdit[],
  { lock, tracked }: { lock: Lock | null; tracked: TrackedFiles },
): Promise<EditReport[]> {
  const reports: EditReport[] = []
  for (const edit of edits) {
    const path = await findPath(draft, edit)
    if (isDone(lock, path, edit.id) && edit.isRenewed !== true) continue
    const text = await draft.current(path)
    const isOurs = edit.isForOwnFile === true && path in tracked.files
    const result = isOurs ? already : edit.ensure(text)
    reports.push({
      path,
      id: edit.id,
      outcome: result.outcome,
      ...(result.outcome === 'manual' ? { manual: { reason: result.reason, snippet: result.snippet } } : {}),
    })
    if (result.outcome === 'changed') await draft.set(path, text === null ? 'create' : 'edit', result.text)
  }
  return reports
}

async function findPath(draft: Draft, edit: HostEdit): Promise<string> {
  for (const path of edit.paths) {
    if ((await draft.current(path)) !== null) return path
  }
  return edit.paths[0] ?? ''
}

function isDone(lock: Lock | null, path: string, id: string): boolean {
  const outcome = lock?.edits[`${path} ${id}`]
  return outcome === 'changed' || outcome === 'already'
}

/** `sigra.json` is the host's: it is rewritten only when it does not say what is being applied. */
async function planIntent(draft: Draft, to: State, format: Formatter): Promise<void> {
  const disk = await draft.disk(intentFile)
  const wanted = formatIntent(to)
  if (disk !== null) {
    const { parseIntent } = await loadParsers()
    if (formatIntent(parseIntent(disk, to.version)) === wanted) return
  }
  const text = to.app === 'existing' ? await format(intentFile, wanted) : wanted
  await draft.set(intentFile, disk === null ? 'create' : 'write', text)
}

async function nextLock(
  draft: Draft,
  lock: Lock | null,
  tracked: TrackedFiles,
  reports: readonly EditReport[],
  target: ReadonlyMap<string, RenderedFile>,
  to: State,
): Promise<Lock> {
  const env = target.get('.env.example')?.text ?? ''
  const migrations = Object.keys(tracked.files).filter(
    (path) => path.startsWith('migrations/') && path.endsWith('.ts'),
  )
  return {
    state: to,
    files: tracked.files,
    edits: {
      ...lock?.edits,
      ...Object.fromEntries(reports.map(({ path, id, outcome }) => [`${path} ${id}`, outcome])),
    },
    dependencies: await askedDependencies(draft, lock),
    env: [...new Set([...(await stillThere(draft, lock?.env ?? [])), ...envKeys(env)])],
    migrations,
    moved: tracked.moved,
    deleted: tracked.deleted,
    detached: tracked.detached,
  }
}

/** What we asked for before and now, without what this transition takes away. */
async function askedDependencies(draft: Draft, lock: Lock | null): Promise<Record<string, string>> {
  const before = dependenciesOf(await draft.disk('package.json'))
  const after = dependenciesOf(await draft.current('package.json'))
  const former = Object.entries(lock?.dependencies ?? {}).filter(
    ([name]) => before[name] === undefined || after[name] !== undefined,
  )
  return { ...Object.fromEntries(former), ...(await addedDependencies(draft)) }
}

/** Keys of `.env.example` that this transition does not take away. */
async function stillThere(draft: Draft, keys: readonly string[]): Promise<string[]> {
  const before = envKeys((await draft.disk('.env.example')) ?? '')
  const after = envKeys((await draft.current('.env.example')) ?? '')
  return keys.filter((key) => !before.includes(key) || after.includes(key))
}

async function addedDependencies(draft: Draft): Promise<Record<string, string>> {
  const before = dependenciesOf(await draft.disk('package.json'))
  const after = dependenciesOf(await draft.current('package.json'))
  return Object.fromEntries(Object.entries(after).filter(([name, range]) => before[name] !== range))
}

function dependenciesOf(text: string | null): Record<string, string> {
  const manifest = text === null ? {} : readManifest(text)
  return { ...manifest.dependencies, ...manifest.devDependencies }
}

async function readLock(draft: Draft): Promise<Lock> {
  const text = await draft.disk(lockFile)
  if (text !== null) return (await loadParsers()).parseLock(text)
  throw new PreconditionFailed(
    `${lockFile} is missing. Take it back from version control: it says what was generated.`,
  )
}

/** Texts of templates, which are in the style they bring. */
function laidOut(...all: readonly ReadonlyMap<string, RenderedFile>[]): ReadonlySet<string> {
  const files = all.flatMap((rendered) => [...rendered.values()])
  return new Set(files.filter(({ isReshaped }) => !isReshaped).map(({ text }) => text))
}

/** A new app has its style in its own templates, not yet on disk. */
function styleOf(target: ReadonlyMap<string, RenderedFile>): Options | null {
  const text = target.get('.prettierrc.json')?.text
  return text === undefined ? null : JSON.parse(text)
}

function textsOf(files: ReadonlyMap<string, RenderedFile>): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, { text }]) => [path, text]))
}
