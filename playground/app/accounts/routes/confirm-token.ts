import { sigra } from '~/sigra.server'
import type { Route } from './+types/confirm-token'

// The link in the mail. Its token leaves the address bar at once; following it confirms nothing yet.
export function loader(args: Route.LoaderArgs) {
  return sigra.startMailFlow(args, 'confirm', args.params.token, '/users/confirm/continue')
}
