import type { CanonicalEmail } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Bucket } from '../policy.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import type { Charge } from './charge-limits.ts'
import { networkOf, siteOf } from './network.ts'

const NETWORKS_PER_SITE = 4 // a site has tokens for this many busy networks

/**
 * The buckets of whoever calls: their network's and, for IPv6, at four times the capacity that of the site around it.
 * Browsers known to the account in question are spared the second one: a neighbour in the same site, whom they cannot
 * choose, must not keep them out.
 *
 * @param account What was typed, or whose session it is; `null` where there is neither.
 */
export function clientCharges(
  caller: Caller,
  name: string,
  bucket: Bucket,
  account: CanonicalEmail | null,
): Charge[] {
  const network = { name, subject: networkOf(caller.clientAddress), bucket }
  const site = siteOf(caller.clientAddress)
  if (site === null) return [network]
  const browserHash = browserHashOf(caller)
  const { capacity, perSeconds } = bucket
  return [
    network,
    {
      name,
      subject: site,
      bucket: { capacity: NETWORKS_PER_SITE * capacity, perSeconds },
      exceptKnownTo: account === null || browserHash === null ? null : { account, browserHash },
    },
  ]
}
