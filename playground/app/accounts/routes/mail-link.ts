import { paths } from '~/paths'
import { sigra } from '~/sigra.server'
import type { Route } from './+types/mail-link'

/** Where the links of mails lead, and what each is about. */
const purposes = [
  [paths.confirm, 'confirm'],
  [paths.logIn, 'magic-link'],
  [paths.resetPassword, 'reset-password'],
  [paths.notMe, 'not-me'],
  [paths.changeEmail, 'change-email'],
] as const

// The token leaves the address bar at once, and nothing happens before somebody presses the button on the next page.
export function loader(args: Route.LoaderArgs) {
  const link = purposes.find(([path]) => args.url.pathname.startsWith(`${path}/`))
  if (!link) throw new Response(null, { status: 404 })
  const [path, purpose] = link
  return sigra.startMailFlow(args, purpose, args.params.token, `${path}/continue`)
}
