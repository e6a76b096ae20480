import { renderFrom, shippedArchive, type Archive } from './archive.ts'
import { createFormatter } from './format.ts'
import { generatorVersion } from './version.ts'
import { PreconditionFailed } from './errors.ts'
import { followMoves } from './follow-moves.ts'
import { hashText } from './hash.ts'
import { intentFile } from './intent-file.ts'
import { lockFile, type Lock } from './lock-file.ts'
import { loadParsers } from './load-parsers.ts'
import { readHostText } from './plan/host-files.ts'
import { isSameText } from './plan/decide.ts'
import { planTransition, type TransitionOptions } from './plan/plan-transition.ts'
import type { Plan } from './plan/plan.ts'
import { isOptionalFeature } from './features.ts'
import { snapshotFile } from './snapshot.ts'
import { createState, type State } from './state.ts'

/** An app that was generated: what people want, and what was applied. */
export interface Project {
  root: string
  intent: State
  lock: Lock
}

/** Reads `sigra.json` and `sigra.lock.json`. @throws {PreconditionFailed} when one is missing or damaged. */
export async function readProject(root: string): Promise<Project> {
  const intent = await readHostText(root, intentFile)
  const lock = await readHostText(root, lockFile)
  if (intent === null || lock === null) {
    throw new PreconditionFailed(
      `${intent === null ? intentFile : lockFile} is not in ${root}. Run this in the folder of an app made by create-sigra-remix.`,
    )
  }
  const { parseIntent, parseLock } = await loadParsers()
  return { root, intent: parseIntent(intent, generatorVersion), lock: parseLock(lock) }
}

/** What leaves an app leaves its tables behind: only `sigra remove --purge` lets go of what people stored. */
export function retireWhatLeaves(to: State, from: State): State {
  const left = [...from.features, ...from.retired].filter(isOptionalFeature)
  const retired = left.filter((feature) => !to.features.includes(feature))
  return createState({ ...to, retired: [...to.retired, ...retired] })
}

export interface PlanProjectOptions extends Partial<Pick<TransitionOptions, 'to' | 'decide' | 'archive'>> {
  /** Let go of the tables of what leaves. @default false */
  purge?: boolean | undefined
}

/** The plan from what was applied to what `sigra.json` says (or to another state). @throws {PreconditionFailed} */
export async function planProject(
  project: Project,
  { purge = false, to = project.intent, ...options }: PlanProjectOptions = {},
): Promise<Plan> {
  const from = project.lock.state
  const target = purge ? to : retireWhatLeaves(to, from)
  return planTransition({ ...options, to: target, root: project.root, from })
}

export interface FileStatus {
  path: string
  status: 'pristine' | 'edited' | 'deleted' | 'detached'
}

/** What the owner did to each generated file since, compared as a plan compares. @throws {PreconditionFailed} */
export async function readStatus(
  { root, lock }: Project,
  archive: Archive = shippedArchive,
): Promise<FileStatus[]> {
  const base = renderFrom(archive)(lock.state)
  const format = createFormatter(root, null)
  const moved = new Map(Object.entries(lock.moved))
  const statuses = Object.entries(lock.files).map(async ([path, { hash }]): Promise<FileStatus> => {
    const place = lock.moved[path] ?? path
    const text = await readHostText(root, place)
    if (text === null) return { path: place, status: 'deleted' }
    if (hashText(text) === hash || path === snapshotFile) return { path: place, status: 'pristine' }
    const rendered = base.get(path)?.text
    const isKnown = rendered !== undefined && hashText(rendered) === hash
    const pristine = followMoves(rendered ?? '', path, place, moved)
    return {
      path: place,
      status: isKnown && (await isSameText(place, text, pristine, format)) ? 'pristine' : 'edited',
    }
  })
  return [
    ...(await Promise.all(statuses)),
    ...lock.detached.map((path) => ({ path, status: 'detached' as const })),
  ]
}
