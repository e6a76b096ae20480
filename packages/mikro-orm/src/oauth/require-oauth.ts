import { ConfigInvalid } from '@sigra/core'
import type { OpenArea } from '../areas/area.ts'
import type { Runtime } from '../runtime.ts'
import { oauth } from './area.ts'
import type { OpenOauth } from './configure-oauth.ts'

/**
 * What the flows of providers work with.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without providers.
 */
export function requireOauth({ areas }: Pick<Runtime, 'areas'>): OpenArea & OpenOauth {
  const found = areas.find(isOauth)
  if (found) return found
  throw new ConfigInvalid('This app has no providers to log in by: areas does not name them')
}

function isOauth(area: OpenArea): area is OpenArea & OpenOauth {
  return area.declaration.name === oauth.name
}
