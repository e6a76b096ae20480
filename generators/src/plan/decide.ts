import { alignEntries, type Aligned } from '../align-entries.ts'
import { alignImports } from '../align-imports.ts'
import type { FileAction, Stages } from './plan.ts'
import type { Formatter } from '../format.ts'
import { findLineEnding, toLf, withLineEnding } from '../line-endings.ts'
import { findLostImport } from '../lost-import.ts'
import { mergeTexts, type Merge } from '../merge.ts'
import { isCodePath, parseModule } from '../syntax.ts'

/** The three texts of one file: pristine base, on disk, target. `null`: no such file. */
export interface Texts {
  base: string | null
  disk: string | null
  target: string | null
}

export type Verdict =
  | { action: Exclude<FileAction, 'conflict' | 'edit'>; after: string | null; reason?: string }
  | { action: 'conflict'; reason: string; stages: Stages; withMarkers: string; replacement: string }

/**
 * The decision table of `scaffold`: what becomes of one file. Texts count as equal when they are equal after
 * formatting with the host's own configuration, so neither a formatter update nor a style is an edit.
 *
 * @param isReshaped The target differs from its template in line lengths and is formatted before it is written.
 */
export async function decideFile(
  path: string,
  texts: Texts,
  format: Formatter,
  isReshaped: boolean,
): Promise<Verdict> {
  const { base, disk, target } = texts
  const isSame = (one: string, other: string) => isSameText(path, one, other, format)
  const write = async (text: string) =>
    withLineEnding(isReshaped ? await format(path, text) : text, findLineEnding(disk ?? '\n'))

  if (base === null) {
    if (target === null) return { action: 'keep', after: disk }
    if (disk === null) return { action: 'create', after: await write(target) }
    if (await isSame(disk, target)) return { action: 'adopt', after: disk }
    return unbasedConflict(disk, target, 'a file of yours is where a generated one belongs')
  }
  if (disk === null) {
    if (target === null || (await isSame(base, target))) return { action: 'stay-deleted', after: null }
    return {
      action: 'stay-deleted',
      after: null,
      reason: 'you deleted it; what is generated for it has changed',
    }
  }
  const isAsItCame = toLf(disk) === toLf(base)
  const isEdited = !isAsItCame && !(await isSame(disk, base))
  if (target === null) {
    if (!isEdited) return { action: 'delete', after: null }
    return {
      action: 'detach',
      after: disk,
      reason: 'no longer generated; you edited it, so it stays and is yours alone',
    }
  }
  // As it came, it becomes what is generated now: whether that differs in more than style, nobody needs to know.
  const isSettled = isAsItCame ? toLf(base) === toLf(target) : await isSame(base, target)
  if (isSettled) return { action: 'keep', after: disk }
  if (!isEdited) return { action: 'write', after: await write(target) }
  if (await isSame(disk, target)) return { action: 'advance', after: disk }
  return mergeFile(path, { base, disk, target }, format)
}

/** Two texts of one file without anything that both come from. */
export function unbasedConflict(
  disk: string,
  target: string,
  reason: string,
): Verdict & { action: 'conflict' } {
  const replacement = withLineEnding(target, findLineEnding(disk))
  return {
    action: 'conflict',
    reason,
    stages: { base: null, ours: disk, theirs: replacement },
    withMarkers: withLineEnding(markWhole(disk, target), findLineEnding(disk)),
    replacement,
  }
}

async function mergeFile(
  path: string,
  texts: { base: string; disk: string; target: string },
  format: Formatter,
): Promise<Verdict> {
  const ending = findLineEnding(texts.disk)
  const [base, disk, target] = await formatAll(path, [texts.base, texts.disk, texts.target], format)
  const merge = await mergeModules(path, [base, disk, target], format)
  const isWhole =
    merge.clean &&
    (!isCodePath(path) || parseModule(merge.text, path) !== null || parseModule(disk, path) === null)
  const lost = merge.clean && isWhole ? findLostImport(path, disk, merge.text) : null
  if (merge.clean && isWhole && lost === null)
    return { action: 'merge', after: withLineEnding(merge.text, ending) }
  return {
    action: 'conflict',
    reason: whyNot(merge, lost),
    stages: {
      base: withLineEnding(base, ending),
      ours: withLineEnding(disk, ending),
      theirs: withLineEnding(target, ending),
    },
    withMarkers: withLineEnding(merge.clean ? markWhole(disk, target) : merge.withMarkers, ending),
    replacement: withLineEnding(target, ending),
  }
}

function whyNot({ clean }: Merge, lost: string | null): string {
  if (lost !== null) return `you use ${lost}, whose import goes`
  return clean
    ? 'your edits and the new version do not fit together'
    : 'you edited lines that the new version changes'
}

/**
 * Imports first, as sorting them is no edit of what they import, then objects and lists entry by entry, then lines.
 * Where that is no clean merge, lines alone.
 */
async function mergeModules(
  path: string,
  [base, disk, target]: readonly [string, string, string],
  format: Formatter,
): Promise<Merge> {
  const lines = mergeTexts(base, disk, target)
  if (!isCodePath(path)) return lines
  const imported = alignBoth(path, base, disk, target)
  const entries = alignEntries(path, imported.base, imported.ours, target)
  if (entries === null && lines.clean) return lines
  const aligned = entries ?? imported
  const [was, ours] = [await format(path, aligned.base), await format(path, aligned.ours)]
  const merge = mergeTexts(was, ours, target)
  return merge.clean ? merge : lines
}

function alignBoth(path: string, base: string, disk: string, target: string): Aligned {
  const aligned = alignImports(path, base, base, target)
  const ours = alignImports(path, disk, base, target)
  return aligned === null || ours === null ? { base, ours: disk } : { base: aligned, ours }
}

function markWhole(disk: string, target: string): string {
  const merge = mergeTexts('', disk, target)
  return merge.clean ? merge.text : merge.withMarkers
}

/** All three in the host's style, or, when one of them does not parse, all three as they are. */
async function formatAll(
  path: string,
  texts: readonly [string, string, string],
  format: Formatter,
): Promise<[string, string, string]> {
  const [base, disk, target] = texts
  if (isCodePath(path) && texts.some((text) => parseModule(text, path) === null)) {
    return [toLf(base), toLf(disk), toLf(target)]
  }
  return [await format(path, toLf(base)), await format(path, toLf(disk)), await format(path, toLf(target))]
}

/** Whether two texts of a file are one, whatever the style: the one comparison that plans, `diff` and `status` share. */
export async function isSameText(
  path: string,
  one: string,
  other: string,
  format: Formatter,
): Promise<boolean> {
  if (toLf(one) === toLf(other)) return true
  return (await format(path, toLf(one))) === (await format(path, toLf(other)))
}
