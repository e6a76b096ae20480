import { MikroORM } from '@mikro-orm/postgresql'
import { migrateDatabase } from '@sigra/worker'

// `npm run db:migrate`, in production too, where no development package is installed.
process.exitCode = await migrateDatabase(async () => {
  // Only now: it reads DATABASE_URL, which is the one of the tables' owner while this runs.
  const { default: config } = await import('./mikro-orm.config.ts')
  return new MikroORM(config)
})
