import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { toLf } from '../line-endings.ts'

const CONTEXT_LINES = 3

/** One file as a unified diff, as `git diff` writes it; empty where nothing differs. `null`: no such file. */
export function describeChange(path: string, before: string | null, after: string | null): string {
  const [old, now] = [toLf(before ?? ''), toLf(after ?? '')]
  if (old === now) return ''
  return createTwoFilesPatch(
    before === null ? '/dev/null' : `a/${path}`,
    after === null ? '/dev/null' : `b/${path}`,
    old,
    now,
    undefined,
    undefined,
    { context: CONTEXT_LINES, headerOptions: FILE_HEADERS_ONLY },
  )
}
