import { mailboxMessages } from '@sigra/remix/mailbox'
import { sigra } from '~/sigra.server'
import type { Route } from './+types/dev-mailbox-messages'

/** The mailbox as JSON, for tests. */
export function loader(args: Route.LoaderArgs) {
  return mailboxMessages(sigra, args, { dangerouslyAllowInProduction: true })
}
