import { MikroORM } from '@mikro-orm/postgresql'
import { createRootSecret } from '@sigra/core'
import { createAllEntities, type TestEntities } from '../../../mikro-orm/src/testing/test-runtime.ts'
import type { SigraOptions } from '../options.ts'
import { createSigra, type Sigra } from '../sigra.ts'
import { testAreas } from './test-areas.ts'

export interface OfflineSigra {
  sigra: Sigra
  entities: TestEntities
  /** Log lines written so far. */
  logged: { event: string; fields: Record<string, unknown> }[]
}

const unreachable = 'postgresql://nobody@127.0.0.1:1/nothing'

/** The options of an app whose database nobody has started. */
export function offlineOptions(
  changes: Partial<SigraOptions> = {},
  entities = createAllEntities('uuid'),
): SigraOptions {
  return {
    orm: new MikroORM({ entities: Object.values(entities), clientUrl: unreachable }),
    entities,
    areas: testAreas(entities),
    origin: 'https://app.test',
    secrets: createRootSecret(),
    appName: 'Acme',
    production: false,
    ...changes,
    edge: { trustedProxies: 0, ...changes.edge },
  }
}

export function createOfflineSigra(changes: Partial<SigraOptions> = {}): OfflineSigra {
  const logged: OfflineSigra['logged'] = []
  const log = (event: string, fields: Record<string, unknown> = {}) => {
    logged.push({ event, fields })
  }
  const entities = createAllEntities('uuid')
  const sigra = createSigra(
    offlineOptions({ logger: { info: log, warn: log, error: log }, ...changes }, entities),
  )
  return { sigra, entities, logged }
}
