import { p } from '@mikro-orm/core'
import { instant } from './columns.ts'

/** The one that an organization goes by; the others are former ones. */
export const currentSlug = 'former_until is null'

/**
 * The library's columns of a slug, `slug` included: present and former ones are in one table, so that they never meet. The
 * entity adds `organization` (many-to-one, `deleteRule('cascade')`) and the unique `['organization']` where `currentSlug` holds.
 */
export const organizationSlugProperties = {
  slug: p.string().length(48).primary(),
  /** Until when a former one leads to its organization and is nobody else's; null: it is the present one. */
  formerUntil: instant('former_until').nullable(),
}
