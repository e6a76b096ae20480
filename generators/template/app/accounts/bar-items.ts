import type { ReactNode } from 'react'

/** What an area has in the bar. */
export interface BarItem {
  Show(props: BarItemProps<unknown>): ReactNode
}

export interface BarItemProps<Loaded> {
  /** What its half on the server found. */
  loaded: Loaded
}
