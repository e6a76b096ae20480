import type { LoaderFunctionArgs } from 'react-router'
import { mailboxMessages } from '@sigra/remix/mailbox'
import { sigra } from '~/sigra.server'

/** The mailbox as JSON, for tests. */
export function loader(args: LoaderFunctionArgs) {
  const isBuiltIn = process.env.SIGRA_BUILD_MAILBOX === '1'
  return mailboxMessages(sigra, args, { dangerouslyAllowInProduction: isBuiltIn })
}
