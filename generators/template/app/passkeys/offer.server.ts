// sigra:file passkeys
import type { AfterLogIn } from '~/accounts/after-log-in.server'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { addPasskeyPath } from './offer'
import { passkeys } from './passkeys.server'

/** Once per browser, and only on a device that asks for a fingerprint, a face or a screen lock by itself. */
export const offerPasskey: AfterLogIn = async (args, { path, device }) =>
  device === 'passkey' && (await passkeys.offerUserPasskey(args))
    ? withRedirectTo(addPasskeyPath, path)
    : null
