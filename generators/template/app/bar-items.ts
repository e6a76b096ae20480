import type { BarItem } from './accounts/bar-items'
import { organization } from './organizations/bar-item'

/** What areas have in the bar of who is logged in. Their loads stand in `bar-items.server.ts`. */
export const barItems = {
  organization,
} satisfies Record<string, BarItem>

export type BarItemId = keyof typeof barItems
