import type { z } from 'zod'
import { withoutMark } from './byte-order-mark.ts'

/** What a value has to look like, and what it is then. */
type Shape<Value> = z.ZodType<Value>

/** The value, typed, or the first thing that is wrong with it: `flags.id must be one of uuid, bigint`. */
export type Reading<Value> = { ok: true; value: Value } | { ok: false; problem: string }

/** Looks at something that was read from a file. */
export function readShape<Value>(shape: Shape<Value>, value: unknown): Reading<Value> {
  const result = shape.safeParse(value, { error: describe })
  if (result.success) return { ok: true, value: result.data }
  const [issue] = result.error.issues
  const place = (issue?.path ?? []).map(String).join('.')
  return { ok: false, problem: `${place === '' ? 'it' : place} ${issue?.message ?? 'is unknown'}` }
}

/** The same for the text of a file that only we write. */
export function readJsonShape<Value>(shape: Shape<Value>, text: string): Reading<Value> {
  try {
    return readShape(shape, JSON.parse(withoutMark(text)))
  } catch {
    return { ok: false, problem: 'it is not valid JSON' }
  }
}

const articles: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'text',
}

function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return `must be ${articles[issue.expected] ?? issue.expected}`
  return undefined
}
