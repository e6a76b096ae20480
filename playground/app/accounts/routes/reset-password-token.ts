import { sigra } from '~/sigra.server'
import type { Route } from './+types/reset-password-token'

// The link in the mail. Its token leaves the address bar at once; following it changes nothing yet.
export function loader(args: Route.LoaderArgs) {
  return sigra.startMailFlow(args, 'reset-password', args.params.token, '/users/reset-password/continue')
}
