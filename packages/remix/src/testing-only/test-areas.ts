import { testRoles } from '../../../mikro-orm/src/testing/organizations/test-organizations.ts'
import type { AreaEntities } from '../../../mikro-orm/src/testing/test-areas.ts'
import { organizationsArea } from '../organizations/organizations-area.ts'
import type { SigraOptions } from '../options.ts'
import { passkeysArea } from '../passkeys/passkeys-area.ts'

/** Every area whose tables a test database has: a new one is added here. */
export function testAreas(entities: AreaEntities): NonNullable<SigraOptions['areas']> {
  return [passkeysArea({ entities }), organizationsArea({ ...testRoles, entities, personal: false })]
}
