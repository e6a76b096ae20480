import { encodeBase64Url } from '../base64url.ts'
import type { Bytes } from '../bytes.ts'

/**
 * A credential as browsers write it down (https://www.w3.org/TR/webauthn-3/#dom-publickeycredential-tojson), which is
 * how the library reads it: made anew from what was parsed, so that it sees nothing else of what a client sent.
 */
export function createCredentialJson<Response>(credentialId: Bytes, response: Response) {
  const id = encodeBase64Url(credentialId)
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response } as const
}
