import { diffIndices } from 'node-diff3'
import { toLf } from '../line-endings.ts'

const CONTEXT_LINES = 3

/** One file as a unified diff, as `git diff` writes it. `null`: no such file. */
export function describeChange(path: string, before: string | null, after: string | null): string {
  const old = toLines(before)
  const now = toLines(after)
  const hunks = groupHunks(old, now)
  if (hunks.length === 0) return ''
  const header = [
    `--- ${before === null ? '/dev/null' : `a/${path}`}`,
    `+++ ${after === null ? '/dev/null' : `b/${path}`}`,
  ]
  return `${[...header, ...hunks.flatMap((hunk) => printHunk(hunk, old, now))].join('\n')}\n`
}

interface Change {
  oldStart: number
  oldLength: number
  newStart: number
  newLength: number
}

function groupHunks(old: string[], now: string[]): Change[][] {
  const hunks: Change[][] = []
  for (const { buffer1, buffer2 } of diffIndices(old, now)) {
    const change = {
      oldStart: buffer1[0],
      oldLength: buffer1[1],
      newStart: buffer2[0],
      newLength: buffer2[1],
    }
    const last = hunks.at(-1)?.at(-1)
    const isNear = last && change.oldStart - (last.oldStart + last.oldLength) <= CONTEXT_LINES * 2
    if (isNear) hunks.at(-1)?.push(change)
    else hunks.push([change])
  }
  return hunks
}

function printHunk(changes: readonly Change[], old: readonly string[], now: readonly string[]): string[] {
  const first = changes[0]
  const last = changes.at(-1)
  if (!first || !last) return []
  const oldFrom = Math.max(0, first.oldStart - CONTEXT_LINES)
  const oldTo = Math.min(old.length, last.oldStart + last.oldLength + CONTEXT_LINES)
  const newFrom = first.newStart - (first.oldStart - oldFrom)
  const newTo = last.newStart + last.newLength + (oldTo - last.oldStart - last.oldLength)
  const lines = [`@@ -${range(oldFrom, oldTo)} +${range(newFrom, newTo)} @@`]
  let at = oldFrom
  for (const change of changes) {
    lines.push(...old.slice(at, change.oldStart).map((text) => ` ${text}`))
    lines.push(...old.slice(change.oldStart, change.oldStart + change.oldLength).map((text) => `-${text}`))
    lines.push(...now.slice(change.newStart, change.newStart + change.newLength).map((text) => `+${text}`))
    at = change.oldStart + change.oldLength
  }
  return [...lines, ...old.slice(at, oldTo).map((text) => ` ${text}`)]
}

function range(from: number, to: number): string {
  return `${to === from ? from : from + 1},${to - from}`
}

function toLines(text: string | null): string[] {
  if (text === null || text === '') return []
  const lines = toLf(text).split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
