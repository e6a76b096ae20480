// A worker in a process of its own with the templates of the generated app. Started by `mail-jobs.ts`.
import { MikroORM } from '@mikro-orm/postgresql'
import { createRuntime } from '@sigra/mikro-orm'
import { runWorker, smtpTransport } from '@sigra/worker'
import { entities, sigraEntities } from '../../generators/template/app/accounts/entities/index.ts'
import { loadMails } from './load-mails.ts'

const { DATABASE_URL = '', SIGRA_SECRETS = '', SMTP_URL = '' } = process.env
const orm = await MikroORM.init({ entities: sigraEntities, clientUrl: DATABASE_URL })
const runtime = createRuntime({
  orm,
  entities,
  origin: 'http://localhost:3000',
  secrets: SIGRA_SECRETS,
  appName: 'Bench',
  production: false,
})
const { mails, close } = await loadMails()
const worker = await runWorker({ sigra: { runtime }, mails, transport: smtpTransport(SMTP_URL) })
process.on('SIGTERM', () => void worker.stop())
await worker.finished
await close()
await runtime.close()
await orm.close(true)
