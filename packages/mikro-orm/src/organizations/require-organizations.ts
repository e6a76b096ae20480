import { ConfigInvalid } from '@sigra/core'
import type { OpenArea } from '../areas/area.ts'
import type { Runtime } from '../runtime.ts'
import { organizations } from './area.ts'
import type { OpenOrganizations } from './configure-organizations.ts'

/**
 * What the flows of organizations work with.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 */
export function requireOrganizations({ areas }: Pick<Runtime, 'areas'>): OpenArea & OpenOrganizations {
  const found = areas.find(isOrganizations)
  if (found) return found
  throw new ConfigInvalid('This app has no organizations: areas does not name them')
}

function isOrganizations(area: OpenArea): area is OpenArea & OpenOrganizations {
  return area.declaration.name === organizations.name
}
