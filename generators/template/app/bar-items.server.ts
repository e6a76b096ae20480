import type { LoadBarItem } from './accounts/bar-items.server'
import type { BarItemId } from './bar-items'
import { loadOrganization } from './organizations/bar-item.server'

/** What each part of the bar asks of the server. One that stands in one of the two files only does not compile. */
export const barItemLoads: Record<BarItemId, LoadBarItem> = {
  organization: loadOrganization,
}
