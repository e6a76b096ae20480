import type { Documents } from '@sigra/remix'

/**
 * What people accept when they register, and again when its version changes: at the next log-in, or, with
 * `required: true`, at the next page. What a document is called is in `consent.titles` of `accounts/words.ts`.
 */
export const documents: Documents = {
  // terms: { version: '2026-12-01', url: '/terms' },
}
