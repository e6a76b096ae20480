import { p } from '@mikro-orm/core'
import { counter, createdAt, instant } from './columns.ts'

/** A domain that its DNS says is the organization's. */
export const verifiedDomain = 'verified_at is not null'

/** Typed as nothing: see `organization.ts`. */
const untyped: object = {
  /** What the TXT record has to say. */
  challenge: p.string().length(64),
  checkedAt: instant('checked_at').nullable(),
  failures: counter('failures'),
}

/**
 * The library's columns of a domain whose addresses may join. The entity adds `id`, `organization` (many-to-one,
 * `deleteRule('cascade')`), the unique `['organization', 'domain']`, and the unique `['domain']` where `verifiedDomain` holds.
 */
export const organizationDomainProperties = {
  domain: p.string().length(253),
  verifiedAt: instant('verified_at').nullable(),
  /** `offer`: whoever has an address there may join. `auto`: they do, with the proof of it. */
  mode: p.string().length(8).check("mode in ('offer', 'auto')"),
  role: p.string().length(32),
  createdAt: createdAt(),
  ...untyped,
}
