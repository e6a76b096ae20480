import { sigra } from '~/sigra.server'
import type { Route } from './+types/not-me-token'

// The link in a notice. Its token leaves the address bar at once; following it changes nothing yet.
export function loader(args: Route.LoaderArgs) {
  return sigra.startMailFlow(args, 'not-me', args.params.token, '/users/not-me/continue')
}
