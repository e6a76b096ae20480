// Not `Route`: a type check sees the routes of a production build, where this one is not.
import type { LoaderFunctionArgs } from 'react-router'
import { mailboxPage, type MailSample } from '@sigra/remix/mailbox'
import { renderMail } from '@sigra/worker'
import { mails } from '~/accounts/emails/index.ts'
import { samples } from '~/accounts/emails/samples.ts'
import { sigra } from '~/sigra.server'

/** Every mail that was sent in development, and each template with sample data. */
export function loader(args: LoaderFunctionArgs) {
  // A production build has this route only when it was built with SIGRA_BUILD_MAILBOX=1.
  return mailboxPage(sigra, args, { samples: renderSamples, dangerouslyAllowInProduction: true })
}

function renderSamples(): Promise<MailSample[]> {
  const filled = {
    confirmAddress: mails.confirmAddress(samples.confirmAddress),
    alreadyRegistered: mails.alreadyRegistered(samples.alreadyRegistered),
    resetPassword: mails.resetPassword(samples.resetPassword),
    passwordChanged: mails.passwordChanged(samples.passwordChanged),
    addressConfirmed: mails.addressConfirmed(samples.addressConfirmed),
    signInBlocked: mails.signInBlocked(samples.signInBlocked),
  }
  return Promise.all(
    Object.entries(filled).map(async ([name, mail]) => ({ name, ...(await renderMail(mail)) })),
  )
}
