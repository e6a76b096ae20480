import { sigra } from '~/sigra.server'
import type { Route } from './+types/health-live'

/** 200 while the process answers at all. */
export function loader(args: Route.LoaderArgs) {
  return sigra.health.live(args)
}
