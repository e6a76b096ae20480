import { sigra } from '~/sigra.server'
import type { Route } from './+types/log-in-token'

// The link of a mail: the token leaves the address bar at once, and nothing happens before somebody presses a button.
export function loader(args: Route.LoaderArgs) {
  return sigra.startMailFlow(args, 'magic-link', args.params.token, '/users/log-in/continue')
}
