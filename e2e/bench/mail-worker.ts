// A worker in a process of its own with the templates of the generated app. Started by `mail-jobs.ts`.
import { MikroORM } from '@mikro-orm/postgresql'
import { configurePasskeys, createRuntime } from '@sigra/mikro-orm'
import { type OutgoingMail, runWorker, smtpTransport } from '@sigra/worker'
import { entities, sigraEntities } from '../../generators/template/app/accounts/entities/index.ts'
import { passkeyEntities } from '../../generators/template/app/passkeys/entities/index.ts'
import { loadMails } from './load-mails.ts'
import { watchSteps } from './mail-steps-probe.ts'

const { DATABASE_URL = '', SIGRA_SECRETS = '', SMTP_URL = '', MAIL_STEPS } = process.env
const times = MAIL_STEPS ? watchSteps() : null
const orm = await MikroORM.init({ entities: sigraEntities, clientUrl: DATABASE_URL })
const runtime = createRuntime({
  orm,
  entities,
  areas: [configurePasskeys({ entities: passkeyEntities })],
  origin: 'http://localhost:3000',
  secrets: SIGRA_SECRETS,
  appName: 'Bench',
  production: false,
})
const { mails, close } = await loadMails()
const send = smtpTransport(SMTP_URL)
/** One job at a time where the steps are of interest: they then add up. */
const worker = await runWorker({
  sigra: { edge: { runtime } },
  mails,
  transport: times === null ? send : Object.assign(timed, { close: () => send.close?.() }),
  ...(times === null ? {} : { concurrency: 1 }),
})
process.on('SIGTERM', () => void worker.stop())
await worker.finished
if (times !== null) process.stdout.write(JSON.stringify(times))
await close()
await runtime.close()
await orm.close(true)

async function timed(message: OutgoingMail): Promise<void> {
  const since = performance.now()
  await send(message)
  if (times !== null) times['send'] = (times['send'] ?? 0) + performance.now() - since
}
