import {
  checkSettings,
  defaultTransport,
  MAILBOX_DIRECTORY,
  mailboxTransport,
  runWorker,
} from '@sigra/worker'

const { sigra, worker } = await start().catch((error: unknown) => {
  if (process.env.NODE_ENV !== 'production') throw error
  // Settings that are missing or unsafe stop the start here, each with a sentence of its own.
  console.error(error instanceof Error && 'code' in error ? error.message : error)
  process.exit(1)
})

// Jobs that are running finish first; what is killed before that is taken over by another worker.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void worker.stop())

await worker.finished
await sigra.close()

async function start() {
  checkSettings(process.env)
  // Loaded only now: what these use was looked at before.
  const { mails } = await import('./app/accounts/emails/index.ts')
  const { sigra } = await import('./app/sigra.server.ts')
  // Any function that takes a finished message will do here: `transport: async (message) => { … }`.
  const transport = process.env.SIGRA_BUILD_MAILBOX
    ? mailboxTransport(MAILBOX_DIRECTORY)
    : defaultTransport(process.env)
  return { sigra, worker: await runWorker({ sigra, mails, transport, from: process.env.MAIL_FROM }) }
}
