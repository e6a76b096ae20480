import { passkeysArea } from '@sigra/remix/passkeys'
import { appName } from '../brand.ts'
import { passkeyEntities } from './entities/index.ts'

/** What this app decides about passkeys. Node reads it too: relative imports with `.ts`, no JSX. */
export const passkeys = passkeysArea({
  entities: passkeyEntities,
  // Passkeys belong to this domain: the host of the origin, or one above it. Change it and every passkey is useless.
  rpId: URL.parse(process.env.APP_ORIGIN ?? '')?.hostname ?? '',
  rpName: appName, // browsers may show it while they ask
  policy: {},
})
