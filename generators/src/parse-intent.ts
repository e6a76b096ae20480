import { intentFile } from './intent-file.ts'
import { parseJson } from './parse-json.ts'
import { parseState } from './state-shape.ts'
import type { State } from './state.ts'

/** Reads `sigra.json`. @throws {PreconditionFailed} naming what is wrong. @throws {UsageInvalid} for unusable names. */
export function parseIntent(text: string, version: string): State {
  const value = parseJson(text, intentFile)
  return parseState(typeof value === 'object' && value !== null ? { ...value, version } : value, intentFile)
}
