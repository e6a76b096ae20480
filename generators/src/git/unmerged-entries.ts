import type { Stages } from '../plan/plan.ts'
import { runGit } from './run-git.ts'

/** One entry of git's index: stage 0 is an ordinary file, 1 to 3 are base, ours and theirs of an unmerged one. */
export interface IndexEntry {
  mode: string
  object: string
  stage: number
}

/** What the index says about a path, and what it shall say while the path is unmerged. */
export interface UnmergedPath {
  path: string
  former: readonly IndexEntry[]
  stages: readonly IndexEntry[]
}

const ORDINARY_FILE = '100644'
const NO_OBJECT = '0'.repeat(40)

/**
 * Puts the three texts of each conflict into git's object store and says which entries make the path unmerged. The
 * index itself is left alone: see `writeEntries`.
 *
 * @returns `null` outside a repository; paths that git ignores are left out.
 */
export async function prepareUnmerged(
  root: string,
  conflicts: readonly { path: string; stages: Stages }[],
): Promise<UnmergedPath[] | null> {
  if ((await runGit(root, ['rev-parse', '--is-inside-work-tree']))?.trim() !== 'true') return null
  const prepared = conflicts.map(async ({ path, stages }): Promise<UnmergedPath[]> => {
    const former = await readEntries(root, path)
    if (former.length === 0 && (await isIgnored(root, path))) return []
    const mode = former[0]?.mode ?? ORDINARY_FILE
    const texts = [stages.base, stages.ours, stages.theirs]
    const entries = texts.map((text, index) => storeText(root, path, text, mode, index + 1))
    return [{ path, former, stages: (await Promise.all(entries)).filter((entry) => entry !== null) }]
  })
  return (await Promise.all(prepared)).flat()
}

/** Replaces what the index says about some paths, whatever that was. @returns Whether git did it. */
export async function writeEntries(
  root: string,
  paths: readonly { path: string; entries: readonly IndexEntry[] }[],
): Promise<boolean> {
  const prefix = (await runGit(root, ['rev-parse', '--show-prefix']))?.trim() ?? ''
  const lines = paths.flatMap(({ path, entries }) => [
    `0 ${NO_OBJECT}\t${prefix}${path}\0`,
    ...entries.map(({ mode, object, stage }) => `${mode} ${object} ${stage}\t${prefix}${path}\0`),
  ])
  return (await runGit(root, ['update-index', '-z', '--index-info'], lines.join(''))) !== null
}

/** Those of the paths that git holds for unmerged. */
export async function findUnmerged(root: string, paths: readonly string[]): Promise<string[]> {
  const entries = await Promise.all(paths.map((path) => readEntries(root, path)))
  return paths.filter((_, index) => entries[index]?.some(({ stage }) => stage > 0) === true)
}

/** Tells git that the paths are settled, as `git add` does. */
export async function addPaths(root: string, paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await runGit(root, ['add', '--all', '--', ...paths])
}

async function readEntries(root: string, path: string): Promise<IndexEntry[]> {
  const output = (await runGit(root, ['ls-files', '--stage', '-z', '--', path])) ?? ''
  return output.split('\0').flatMap((line) => {
    const [mode, object, stage] = line.split('\t')[0]?.split(' ') ?? []
    return mode && object && stage ? [{ mode, object, stage: Number(stage) }] : []
  })
}

async function isIgnored(root: string, path: string): Promise<boolean> {
  return (await runGit(root, ['check-ignore', '--quiet', '--', path])) !== null
}

async function storeText(
  root: string,
  path: string,
  text: string | null,
  mode: string,
  stage: number,
): Promise<IndexEntry | null> {
  if (text === null) return null
  // With --path git applies what it would on `git add`: line ends, for instance.
  const object = await runGit(root, ['hash-object', '-w', '--stdin', `--path=${path}`], text)
  return object === null ? null : { mode, object: object.trim(), stage }
}
