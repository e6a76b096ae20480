import { sigra } from '~/sigra.server'
import type { Route } from './+types/health-ready'

/** 503 while the database is away or migrations are missing. */
export function loader(args: Route.LoaderArgs) {
  return sigra.health.ready(args)
}
