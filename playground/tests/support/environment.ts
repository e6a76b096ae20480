import { randomBytes } from 'node:crypto'
import { createTestDatabase } from '@sigra/dev/testing'
import { inject } from 'vitest'

// Runs before each test file: a database of its own, and the settings that app/sigra.server.ts reads.
const database = await createTestDatabase(inject('postgresUrl'), { template: inject('template') })

process.env.DATABASE_URL = database.url
process.env.APP_ORIGIN = 'http://localhost:5173'
process.env.SIGRA_SECRETS = `test:${randomBytes(32).toString('base64url')}`
