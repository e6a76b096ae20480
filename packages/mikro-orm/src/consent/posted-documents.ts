import { type Document, documentKey } from './documents.ts'

/**
 * The documents of which a form posted the version that counts now. What was replaced since the page was loaded is not
 * among them: nobody has read it.
 *
 * @param posted What `documentKey` gives, apart by blanks: `terms:2026-12-01 privacy:3`.
 */
export function acceptedOf(documents: readonly Document[], posted: unknown): readonly Document[] {
  const keys = typeof posted === 'string' ? posted.split(' ') : []
  return documents.filter((document) => keys.includes(documentKey(document)))
}
