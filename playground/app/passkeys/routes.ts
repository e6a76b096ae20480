import { route, type RouteConfigEntry } from '@react-router/dev/routes'
import { paths } from '../paths.ts'
import { addPasskeyPath } from './offer.ts'

/** Beside the pages of the accounts. */
export function passkeyRoutes(): RouteConfigEntry[] {
  return [
    ...ceremony(`${paths.logIn}/passkey`),
    route(addPasskeyPath, 'passkeys/routes/add-passkey.tsx'),
    ...ceremony(`${paths.sudo}/passkey`),
    ...ceremony(`${paths.mfa}/passkey`),
    ...ceremony(`${paths.mfaEnroll}/passkey`),
    ...ceremony(`${paths.settingsMfa}/passkeys`),
    route(`${paths.settingsMfa}/passkeys/:passkeyId`, 'passkeys/routes/passkey.tsx'),
  ]
}

/** Two addresses: the first begins a ceremony, the second takes what the browser answers. */
function ceremony(path: string): RouteConfigEntry[] {
  const file = 'passkeys/routes/ceremony.ts'
  return [route(`${path}/options`, file, { id: `${path}/options` }), route(path, file, { id: path })]
}
