import { createSelector, encodeBase64Url } from '@sigra/core'

/** What the DNS of a domain has to say for the domain to be an organization's. */
export interface DomainRecord {
  /** Of the TXT record. */
  name: string
  value: string
}

const PREFIX = 'sigra-verification='

/** What a record has to hold, for one organization and one domain. */
export function createChallenge(): string {
  return encodeBase64Url(createSelector())
}

export function recordOf({ domain, challenge }: { domain: string; challenge: string }): DomainRecord {
  return { name: `_sigra.${domain}`, value: PREFIX + challenge }
}
