import { isSeedFile } from '../seed-files.ts'
import type { HostEdit } from '../edits/edit.ts'
import { followMoves } from '../follow-moves.ts'
import type { Formatter } from '../format.ts'
import { hashText } from '../hash.ts'
import type { Lock, TrackedFile } from '../lock-file.ts'
import type { RenderedFile } from '../render.ts'
import type { State } from '../state.ts'
import { decideFile, unbasedConflict, type Verdict } from './decide.ts'
import type { Draft } from './draft.ts'
import type { Places } from './find-places.ts'
import type { Conflict, Decision } from './plan.ts'

export interface FilePlanning {
  draft: Draft
  base: ReadonlyMap<string, RenderedFile>
  target: ReadonlyMap<string, RenderedFile>
  lock: Lock | null
  /** Where files are that their owner moved. */
  places: Places
  edits: readonly HostEdit[]
  format: Formatter
  decide: (conflict: Conflict) => Decision
  from: State | null
  to: State
}

export interface TrackedFiles {
  files: Record<string, TrackedFile>
  moved: Record<string, string>
  deleted: string[]
  detached: string[]
}

/** Decides about every generated file, and says which of them the lock file follows from now on. */
export async function planFiles(planning: FilePlanning): Promise<TrackedFiles> {
  const { draft, target, lock } = planning
  const tracked: TrackedFiles = { files: {}, moved: {}, deleted: [], detached: [...(lock?.detached ?? [])] }
  const moves = findMoves(planning)
  const leftBehind = new Set(moves.values())
  const now = followNames(planning, moves)

  for (const [path, file] of target) {
    if (isSeedFile(path)) {
      if ((await draft.disk(path)) === null && lock === null) await draft.set(path, 'create', file.text)
    } else if (isHistory(path, planning)) {
      const recorded = lock?.files[path]
      if (recorded) tracked.files[path] = recorded
    } else if (!(await isLeftToHost(path, file, planning))) {
      const spot = spotOf(path, moves.get(path) ?? path, planning)
      const isGone = await planFile(planning, spot, {
        ...file,
        text: followMoves(file.text, path, spot.to, now),
      })
      tracked.files[path] = { template: file.template, hash: hashText(file.text) }
      if (spot.to !== path) tracked.moved[path] = spot.to
      if (isGone) tracked.deleted.push(path)
    }
  }
  for (const [path, recorded] of Object.entries(lock?.files ?? {})) {
    if (target.has(path) || leftBehind.has(path)) continue
    if (isHistory(path, planning) && planning.to.features.includes('accounts')) {
      tracked.files[path] = recorded
      continue
    }
    const { place } = spotOf(path, path, planning)
    const verdict = await decideFor(planning, { origin: path, place, to: place }, null)
    if (verdict.action !== 'conflict') await draft.set(place, verdict.action, verdict.after, verdict.reason)
    if (verdict.action === 'detach') tracked.detached.push(place)
  }
  return tracked
}

/** One file: the path it was recorded at, where it is, and where it belongs. */
interface Spot {
  origin: string
  place: string
  to: string
}

/** What its owner moved stays where they keep it; what other names move goes along. */
function spotOf(path: string, origin: string, { places }: FilePlanning): Spot {
  const place = places.moved.get(origin)
  return place === undefined ? { origin, place: origin, to: path } : { origin, place, to: place }
}

/** The owner's places by the paths that files are generated at now. */
function followNames(
  { places, target }: FilePlanning,
  moves: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const found = [...target.keys()].flatMap((path): [string, string][] => {
    const place = places.moved.get(moves.get(path) ?? path)
    return place === undefined ? [] : [[path, place]]
  })
  return new Map(found)
}

/**
 * A migration is written once, with the accounts, and stays when its feature goes. What comes later is MikroORM’s
 * difference between the snapshot and the entities: only they know the host’s names, and what was applied must not
 * change under a database.
 */
function isHistory(path: string, { from }: FilePlanning): boolean {
  return path.startsWith('migrations/') && from !== null && from.features.includes('accounts')
}

/** A file whose template now renders to another path: new path → path it is at. */
function findMoves({ lock, target }: FilePlanning): ReadonlyMap<string, string> {
  const placeOf = new Map(Object.entries(lock?.files ?? {}).map(([path, { template }]) => [template, path]))
  const moves = new Map<string, string>()
  for (const [path, { template }] of target) {
    const place = placeOf.get(template)
    if (place !== undefined && place !== path && !target.has(place)) moves.set(path, place)
  }
  return moves
}

/** In an existing app some files are the host's own: they get edits, or are none of our business. */
async function isLeftToHost(path: string, file: RenderedFile, planning: FilePlanning): Promise<boolean> {
  const { draft, lock, edits, to } = planning
  if (to.app === 'created' || lock?.files[path]) return false
  if (path.startsWith('migrations/')) return hasOwnDatabase(draft, lock)
  const places = edits.filter((edit) => edit.paths.includes(path)).flatMap((edit) => edit.paths)
  for (const place of new Set(places)) {
    const disk = await draft.disk(place)
    if (disk !== null && disk !== file.text) return true
  }
  return false
}

/** With a database of its own the host makes the migration itself: only its metadata knows its names and keys. */
export async function hasOwnDatabase(draft: Draft, lock: Lock | null): Promise<boolean> {
  const config = 'mikro-orm.config.ts'
  return !lock?.files[config] && (await draft.disk(config)) !== null
}

/** @returns Whether its owner deleted it and wants no more of it. */
async function planFile(planning: FilePlanning, spot: Spot, file: RenderedFile): Promise<boolean> {
  const { draft } = planning
  const { origin, place, to } = spot
  const disk = await draft.disk(place)
  const found = await decideFor(planning, spot, file)
  const verdict =
    found.action === 'stay-deleted' && found.reason !== undefined
      ? settleMissing(planning, spot, file)
      : settle(planning, to, disk ?? '', found)
  if (place === to) {
    await draft.set(to, verdict.action, verdict.after, verdict.reason)
  } else if (verdict.after === null) {
    await draft.set(to, 'stay-deleted', null, verdict.reason)
  } else {
    await planMove(planning, to, place, verdict.after)
  }
  const isKnown = planning.lock?.deleted.includes(origin) === true
  return verdict.after === null && (isKnown || verdict.action === 'keep')
}

interface Settled {
  action: Verdict['action']
  after: string | null
  reason?: string
}

/** It changes, and is nowhere: deleted, or moved and no longer to be told from other files. Only its owner knows. */
function settleMissing(planning: FilePlanning, { origin, to }: Spot, file: RenderedFile): Settled {
  const { draft, decide, lock, places } = planning
  const stays: Settled = { action: 'stay-deleted', after: null }
  if (lock?.deleted.includes(origin))
    return { ...stays, reason: 'you deleted it; what is generated for it has changed' }
  const ties = places.ties.get(origin)
  const reason =
    ties === undefined
      ? 'left behind: it changes, and is nowhere to be found'
      : `left behind: it changes, and may be ${ties.join(' or ')}; give one of them its former name`
  const conflict: Conflict = {
    path: to,
    reason,
    before: '',
    stages: { base: null, ours: '', theirs: file.text },
    withMarkers: file.text,
    replacement: file.text,
  }
  switch (decide(conflict)) {
    case 'keep':
      return { action: 'keep', after: null, reason: 'you deleted it' }
    case 'replace':
      return { action: 'create', after: file.text, reason: 'as you decided' }
    case 'merge':
      return { ...stays, reason }
    default:
      draft.conflicts.push(conflict)
      return { action: 'conflict', after: null, reason }
  }
}

async function planMove(planning: FilePlanning, path: string, place: string, text: string): Promise<void> {
  const { draft } = planning
  const inTheWay = await draft.disk(path)
  if (inTheWay !== null && inTheWay !== text) {
    const reason = `${place} moves here, and a file is in the way`
    const settled = settle(planning, path, inTheWay, unbasedConflict(inTheWay, text, reason))
    if (settled.action === 'conflict' || settled.action === 'keep') return
    await draft.set(path, settled.action, settled.after, settled.reason)
  } else {
    await draft.set(path, 'create', text, `was ${place}`)
  }
  await draft.set(place, 'delete', null, `is ${path} now`)
}

async function decideFor(
  { draft, base, lock, places, format, from, to }: FilePlanning,
  { origin, place, to: path }: Spot,
  file: RenderedFile | null,
): Promise<Verdict> {
  const disk = await draft.disk(place)
  const recorded = lock?.files[origin]
  const rendered = base.get(origin)?.text ?? null
  const pristine = recorded ? pristineText(recorded, rendered, disk) : null
  const baseText =
    pristine === rendered && pristine !== null ? followMoves(pristine, origin, place, places.moved) : pristine
  if (recorded && baseText === null && disk !== null) return unknownBase(disk, file)
  const isReshaped = file !== null && (file.isReshaped || from !== null || to.app === 'existing')
  return decideFile(
    path,
    { base: baseText ?? (recorded ? '' : null), disk, target: file?.text ?? null },
    format,
    isReshaped,
  )
}

/** The recorded hash is the truth: a file that still has it is pristine even if its base cannot be rendered. */
function pristineText(recorded: TrackedFile, rendered: string | null, disk: string | null): string | null {
  if (rendered !== null && hashText(rendered) === recorded.hash) return rendered
  return disk !== null && hashText(disk) === recorded.hash ? disk : null
}

function unknownBase(disk: string, file: RenderedFile | null): Verdict {
  if (file === null) {
    return { action: 'detach', after: disk, reason: 'no longer generated; it may be edited, so it stays' }
  }
  if (disk === file.text) return { action: 'advance', after: disk }
  return unbasedConflict(disk, file.text, 'what it was generated from is not known any more')
}

/** Asks about a conflict; what is refused stays on disk as it is and is listed. */
function settle({ draft, decide }: FilePlanning, path: string, disk: string, verdict: Verdict): Settled {
  if (verdict.action !== 'conflict') return verdict
  const { reason, withMarkers, replacement } = verdict
  const { base, ours, theirs } = verdict.stages
  const stages = {
    base: base === null ? null : draft.asFound(path, base),
    ours: draft.asFound(path, ours),
    theirs: draft.asFound(path, theirs),
  }
  const conflict: Conflict = { path, reason, before: disk, stages, withMarkers, replacement }
  switch (decide(conflict)) {
    case 'keep':
      return { action: 'keep', after: disk, reason: 'you keep your text' }
    case 'merge':
      draft.merges.push(conflict)
      return { action: 'merge', after: withMarkers, reason: 'with conflict markers' }
    case 'replace':
      return { action: 'write', after: replacement, reason: 'replaced as you decided' }
    default:
      draft.conflicts.push(conflict)
      return { action: 'conflict', after: disk, reason }
  }
}
