import { ConfigInvalid } from '@sigra/core'
import type { OpenArea } from '../areas/area.ts'
import type { Runtime } from '../runtime.ts'
import { passkeys } from './area.ts'
import type { OpenPasskeys } from './configure-passkeys.ts'

/**
 * What the passkey flows work with.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without passkeys.
 */
export function requirePasskeys({ areas }: Pick<Runtime, 'areas'>): OpenArea & OpenPasskeys {
  const found = areas.find(isPasskeys)
  if (found) return found
  throw new ConfigInvalid('This app has no passkeys: areas does not name them')
}

function isPasskeys(area: OpenArea): area is OpenArea & OpenPasskeys {
  return area.declaration.name === passkeys.name
}
