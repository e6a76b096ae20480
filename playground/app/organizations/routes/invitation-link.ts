import { organizationPaths } from '~/organizations/paths'
import { sigra } from '~/sigra.server'
import type { Route } from './+types/invitation-link'

// The token leaves the address bar at once, and nothing happens before somebody presses a button on the next page.
export function loader(args: Route.LoaderArgs) {
  return sigra.startMailFlow(
    args,
    'invitation',
    args.params.token,
    `${organizationPaths.invitation}/continue`,
  )
}
