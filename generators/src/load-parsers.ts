import type { parseIntent } from './parse-intent.ts'
import type { parseLock } from './parse-lock.ts'

interface Parsers {
  parseIntent: typeof parseIntent
  parseLock: typeof parseLock
}

/** The readers of our own two files, with the library they need. A new app has neither file and does not wait for it. */
export async function loadParsers(): Promise<Parsers> {
  const [intent, lock] = await Promise.all([import('./parse-intent.ts'), import('./parse-lock.ts')])
  return { parseIntent: intent.parseIntent, parseLock: lock.parseLock }
}
