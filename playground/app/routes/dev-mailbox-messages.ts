import type { LoaderFunctionArgs } from 'react-router'
import { mailboxMessages } from '@sigra/remix/mailbox'
import { sigra } from '~/sigra.server'

/** The mailbox as JSON, for tests. */
export function loader(args: LoaderFunctionArgs) {
  return mailboxMessages(sigra, args, { dangerouslyAllowInProduction: true })
}
