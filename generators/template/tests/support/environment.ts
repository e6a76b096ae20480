import { randomBytes } from 'node:crypto'
import { createTestDatabase } from '@sigra/dev/testing'
import { inject } from 'vitest'

// Runs before each test file: the settings that app/sigra.server.ts reads, with a database for all files of the process,
// which share the app.
process.env.VITEST_DATABASE_URL ??= (
  await createTestDatabase(inject('postgresUrl'), { template: inject('template') })
).url

process.env.DATABASE_URL = process.env.VITEST_DATABASE_URL
process.env.APP_ORIGIN = 'http://localhost:5173'
process.env.SIGRA_SECRETS = `test:${randomBytes(32).toString('base64url')}`
