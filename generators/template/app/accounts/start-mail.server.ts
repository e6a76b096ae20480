// sigra:file mail=in-process
import { defaultTransport, runWorker, type RunningWorker } from '@sigra/worker'
import { sigra } from '../sigra.server.ts'
import { mails } from './emails/index.ts'

/**
 * Sends the queued mail from within the web server, one at a time. The queue is in the database all the same: a mail
 * survives a crash, and may then be sent a second time.
 */
export function startMail(): Promise<RunningWorker> {
  return runWorker({
    sigra,
    mails,
    // Any function that takes a finished message will do here: `transport: async (message) => { … }`.
    transport: defaultTransport(process.env),
    from: process.env.MAIL_FROM,
    inProcess: true,
  })
}
