import { type $ZodType, type output, safeParseAsync } from 'zod/v4/core'
import type { RequestArgs } from '../request/request-args.ts'
import { readBody } from './read-body.ts'

/** A parsed body, or none. What exactly was wrong is of no use to a script. */
export type ParsedJson<Value> = { ok: true; value: Value } | { ok: false; reason: 'unreadable' }

const unreadable = { ok: false, reason: 'unreadable' } as const

/**
 * Reads what a page's own script posts, by its schema. Nothing a client can send makes it throw: a body that is too
 * large, of another type, or no JSON is refused like one that does not fit; unknown keys are left out.
 *
 * @throws {Response} 408 for what does not arrive within ten seconds, where no wrapper stands around the framework.
 */
export async function parseJson<Schema extends $ZodType>(
  args: Pick<RequestArgs, 'request'>,
  schema: Schema,
): Promise<ParsedJson<output<Schema>>> {
  const { request } = args
  // Read first, whatever its type: a body that is left lying blocks the connection.
  const body = await readBody(request)
  // Forms of other sites can send text, never this type without being asked first.
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (body === null || type !== 'application/json') return unreadable
  const parsed = await safeParseAsync(schema, readJson(body))
  return parsed.success ? { ok: true, value: parsed.data } : unreadable
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
