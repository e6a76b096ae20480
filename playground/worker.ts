import { defaultTransport, MAILBOX_DIRECTORY, mailboxTransport, runWorker } from '@sigra/worker'
import { mails } from './app/accounts/emails/index.ts'
import { sigra } from './app/sigra.server.ts'

// Any function that takes a finished message will do here: `transport: async (message) => { … }`.
const transport = process.env.SIGRA_BUILD_MAILBOX
  ? mailboxTransport(MAILBOX_DIRECTORY)
  : defaultTransport(process.env)

const worker = await runWorker({ sigra, mails, transport, from: process.env.MAIL_FROM })

// Jobs that are running finish first; what is killed before that is taken over by another worker.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void worker.stop())

await worker.finished
await sigra.runtime.close()
await sigra.runtime.orm.close()
