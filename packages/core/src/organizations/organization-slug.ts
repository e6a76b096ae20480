import type { Brand } from '../brand.ts'
import { type FillRandom, systemRandom } from '../random.ts'

/** What an organization goes by in paths. */
export type OrganizationSlug = Brand<string, 'OrganizationSlug'>

/** Words that paths beside slugs begin with, or will. */
export const reservedSlugs = [
  'new',
  'switch',
  'enter',
  'settings',
  'members',
  'invitations',
  'transfers',
  'admin',
  'api',
  'users',
] as const

const SLUG = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const MIN_LENGTH = 3
const MAX_LENGTH = 48

/** Of personal organizations. Nobody is given one by choice: it would pass for somebody's own. */
const PERSONAL = /^p-[a-z0-9]{10}$/
const PERSONAL_RANDOM = 10
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const FAIR_BELOW = 252 // the highest multiple of 36 in a byte: above it some letters would come more often

/** `bad-slug`: none can be like this. `slug-taken`: by an organization, now or a while ago, or by a page. */
export type SlugRefusal = 'bad-slug' | 'slug-taken'

export type SlugResult = { ok: true; slug: OrganizationSlug } | { ok: false; reason: SlugRefusal }

/**
 * Reads a slug that somebody chose. Small ASCII letters, digits and single hyphens only: one that looks like another, or that
 * browsers show as something else, does not get in.
 *
 * @param reserved The app's own words beside `reservedSlugs`.
 */
export function parseOrganizationSlug(typed: unknown, reserved: readonly string[]): SlugResult {
  if (!isOrganizationSlug(typed)) return { ok: false, reason: 'bad-slug' }
  const isTaken = PERSONAL.test(typed) || [...reservedSlugs, ...reserved].includes(typed)
  return isTaken ? { ok: false, reason: 'slug-taken' } : { ok: true, slug: typed }
}

/** Whether a text, such as a part of a path, can be the slug of an organization at all, a personal one's too. */
export function isOrganizationSlug(text: unknown): text is OrganizationSlug {
  if (typeof text !== 'string' || text.length < MIN_LENGTH || text.length > MAX_LENGTH) return false
  return SLUG.test(text) && !text.startsWith('xn-')
}

/** Makes the slug of a personal organization: 51 bits of chance, so that nobody meets another's. */
export function createPersonalSlug(fillRandom: FillRandom = systemRandom): OrganizationSlug {
  let random = ''
  while (random.length < PERSONAL_RANDOM) {
    const bytes = new Uint8Array(PERSONAL_RANDOM)
    fillRandom(bytes)
    for (const byte of bytes) if (byte < FAIR_BELOW) random += LETTERS.charAt(byte % LETTERS.length)
  }
  return `p-${random.slice(0, PERSONAL_RANDOM)}` as OrganizationSlug
}
