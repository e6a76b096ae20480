// sigra:file organizations
import { organizationPaths } from '~/organizations/paths'
import { sigra } from '~/sigra.server'
import type { Route } from './+types/mail-link'

const { invitation, transfers } = organizationPaths

// The token leaves the address bar at once, and nothing happens before somebody presses a button on the next page.
export function loader(args: Route.LoaderArgs) {
  const { token } = args.params
  return args.url.pathname.startsWith(`${transfers}/`)
    ? sigra.startMailFlow(args, 'transfer', token, `${transfers}/continue`)
    : sigra.startMailFlow(args, 'invitation', token, `${invitation}/continue`)
}
