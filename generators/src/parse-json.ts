import { PreconditionFailed } from './errors.ts'
import { withoutMark } from './byte-order-mark.ts'

/** Reads JSON as editors write it, byte-order mark or not. @throws {PreconditionFailed} naming the file. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(withoutMark(text))
  } catch {
    throw new PreconditionFailed(`${file} is not valid JSON. Fix it, or restore it from version control.`)
  }
}
