// A worker as it runs in production: a process of its own. Started by `startWorkerProcess`.
import { type AnyEntity, type EntityClass, MikroORM } from '@mikro-orm/postgresql'
import { createRuntime } from '@sigra/mikro-orm'
import { createTestEntities } from '../../../mikro-orm/src/testing/test-entities.ts'
import { smtpTransport } from '../mail/smtp-transport.ts'
import { runWorker } from '../run-worker.ts'
import { plainMails } from './plain-mails.ts'

const { DATABASE_URL = '', SIGRA_SECRETS = '', SMTP_URL, INTERVALS = '{}' } = process.env

const entities = createTestEntities('uuid')
const classes: EntityClass<AnyEntity>[] = Object.values(entities)
const orm = await MikroORM.init({ entities: classes, clientUrl: DATABASE_URL })
const runtime = createRuntime({
  orm,
  entities,
  origin: 'https://app.test',
  secrets: SIGRA_SECRETS,
  appName: 'Acme',
  production: false,
})
const worker = await runWorker({
  sigra: { runtime },
  mails: plainMails,
  transport: smtpTransport(SMTP_URL),
  intervals: JSON.parse(INTERVALS),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void worker.stop())
process.stdout.write('ready\n')
await worker.finished
await runtime.close()
await orm.close()
