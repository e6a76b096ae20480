// sigra:file passkeys
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

/** Beside the pages of the accounts. */
export function passkeyRoutes(): RouteConfigEntry[] {
  return [
    ...ceremony('log-in/passkey'),
    ...ceremony('sudo/passkey'),
    ...ceremony('mfa/passkey'),
    ...ceremony('mfa/enroll/passkey'),
    ...ceremony('settings/mfa/passkeys'),
    route('settings/mfa/passkeys/:passkeyId', 'passkeys/routes/passkey.ts'),
  ]
}

/** Two addresses: the first begins a ceremony, the second takes what the browser answers. */
function ceremony(path: string): RouteConfigEntry[] {
  const file = 'passkeys/routes/ceremony.ts'
  return [route(`${path}/options`, file, { id: `${path}/options` }), route(path, file, { id: path })]
}
