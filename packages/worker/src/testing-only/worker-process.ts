// A worker as it runs in production: a process of its own. Started by `startWorkerProcess`.
import { smtpTransport } from '../mail/smtp-transport.ts'
import { runWorker } from '../run-worker.ts'
import { connectRuntime } from './connect-runtime.ts'
import { plainMails } from './plain-mails.ts'

const { DATABASE_URL = '', SIGRA_SECRETS = '', SMTP_URL, INTERVALS = '{}' } = process.env

const { runtime, close } = await connectRuntime({ url: DATABASE_URL, secrets: SIGRA_SECRETS })
const worker = await runWorker({
  sigra: { edge: { runtime } },
  mails: plainMails,
  transport: smtpTransport(SMTP_URL),
  intervals: JSON.parse(INTERVALS),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void worker.stop())
process.stdout.write('ready\n')
await worker.finished
await close()
