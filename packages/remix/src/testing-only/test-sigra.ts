import { createRootSecret } from '@sigra/core'
import { createTestRuntime, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import type { SigraOptions } from '../options.ts'
import { createSigra, type Sigra } from '../sigra.ts'
import { testAreas } from './test-areas.ts'

export { createTestUser, recordQueries, type TestUser } from '../../../mikro-orm/src/testing/index.ts'

export interface TestSigra extends Omit<TestRuntime, 'advance' | 'runtime'> {
  sigra: Sigra
  runtime: TestRuntime['runtime']
}

/** A `sigra` on a fresh, migrated database. */
export async function createTestSigra(changes: Partial<SigraOptions> = {}): Promise<TestSigra> {
  const test = await createTestRuntime({ poolSize: 5 })
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      test.logged.push({ level, event, fields })
    }
  const sigra = createSigra({
    orm: test.orm,
    entities: test.entities,
    areas: testAreas(test.entities),
    origin: 'https://app.test',
    secrets: createRootSecret(),
    appName: 'Acme',
    sessionUser: ['displayName'],
    edge: { trustedProxies: 0 },
    production: true,
    policy: { password: { breachCheck: 'never' } },
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    ...changes,
  })
  await sigra.start() // its statement shall be none of those a test counts
  return { ...test, sigra, runtime: sigra.edge.runtime }
}
