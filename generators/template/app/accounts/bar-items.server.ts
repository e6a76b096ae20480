import type { RequestArgs } from '@sigra/remix'
import { barItemLoads } from '~/bar-items.server'
import { loadEach } from './load-each.server'

/** `null` where it is not there for this person. */
export type LoadBarItem = (args: RequestArgs) => Promise<object | null>

/** For the bar of every page. It takes no statement beside that of the session: each page waits for it. */
export async function loadBar(args: RequestArgs) {
  return { bar: await loadEach(barItemLoads, (load: LoadBarItem) => load(args)) }
}
