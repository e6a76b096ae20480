// Not `Route`: a type check sees the routes of a production build, where this one is not.
import type { LoaderFunctionArgs } from 'react-router'
import { mailboxPage } from '@sigra/remix/mailbox'
import { renderSamples } from '@sigra/worker'
import { mails } from '~/accounts/emails/index.ts'
import { languages } from '~/accounts/emails/languages.ts'
import { samples } from '~/accounts/emails/samples.ts'
import { sigra } from '~/sigra.server'

/** Every mail that was sent in development, and each template with sample data. */
export function loader(args: LoaderFunctionArgs) {
  // In production it is not found, unless the app was built with SIGRA_BUILD_MAILBOX=1.
  const isBuiltIn = process.env.SIGRA_BUILD_MAILBOX === '1'
  return mailboxPage(sigra, args, {
    samples: () => renderSamples(mails, samples, [languages.first, ...Object.keys(languages.others)]),
    dangerouslyAllowInProduction: isBuiltIn,
  })
}
