import { encodeBase64Url } from '../base64url.ts'
import type { Bytes } from '../bytes.ts'
import { isEqualConstantTime } from '../constant-time.ts'
import type { KeyRing } from '../key-ring.ts'
import { OFFERED_ALGORITHMS } from './algorithms.ts'
import type { SpentChallenge } from './challenge.ts'
import {
  type AuthenticatorDataRefusal,
  checkAuthenticatorData,
  parseAuthenticatorData,
} from './check-authenticator-data.ts'
import { checkClientData, type ClientDataRefusal } from './check-client-data.ts'
import { checkPublicKey, type PublicKeyRefusal } from './check-public-key.ts'
import { createCredentialJson } from './credential-json.ts'
import { loadWebAuthn, type WebAuthn } from './load-webauthn.ts'
import type { EnrolmentResponse } from './parse-response.ts'
import type { RelyingParty } from './relying-party.ts'

export interface EnrolmentInput {
  ring: KeyRing
  relyingParty: RelyingParty
  response: EnrolmentResponse
  /** The hash of this browser's token. */
  browserHash: Uint8Array
  /** Whom the passkey will belong to. */
  userId: string
  now: Date
}

/** What to store of a new passkey. Its credential id must be new to the whole table: a unique index says so. */
export interface NewPasskey {
  readonly credentialId: Bytes
  /** In COSE form. */
  readonly publicKey: Bytes
  readonly counter: number
  /** Names the kind of authenticator, see `findProviderName`. Nothing proves it. */
  readonly aaguid: string
  readonly transports: readonly string[]
  readonly backupEligible: boolean
  readonly backedUp: boolean
}

export type EnrolmentResult =
  | { readonly ok: true; readonly passkey: NewPasskey; readonly spent: SpentChallenge }
  | { readonly ok: false; readonly reason: EnrolmentRefusal }

export type EnrolmentRefusal = ClientDataRefusal | AuthenticatorDataRefusal | PublicKeyRefusal

/**
 * Checks a new passkey (https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential). Insert `spent` and the
 * passkey in one transaction: the first makes the ceremony work once. Nothing a client sends makes it throw.
 */
export async function verifyEnrolment(input: EnrolmentInput): Promise<EnrolmentResult> {
  const { ring, relyingParty, response, browserHash, userId, now } = input
  const client = checkClientData(response.clientDataJson, {
    ring,
    type: 'webauthn.create',
    origin: relyingParty.origin,
    binding: { purpose: 'enrol', browserHash, userId },
    now,
  })
  if (!client.ok) return client
  const webAuthn = await loadWebAuthn()
  const bytes = readAuthenticatorData(webAuthn, response.attestationObject)
  const data = bytes && parseAuthenticatorData(webAuthn, bytes)
  if (!bytes || !data) return { ok: false, reason: 'malformed' }
  const refusal = checkAuthenticatorData(data, relyingParty.rpId, true)
  if (refusal) return { ok: false, reason: refusal }
  const { credentialID, credentialPublicKey } = data
  // The id was measured where the response was read; what the authenticator names must be that very one.
  if (!credentialID || !isEqualConstantTime(credentialID, response.credentialId) || !credentialPublicKey) {
    return { ok: false, reason: 'malformed' }
  }
  const keyRefusal = checkPublicKey(webAuthn, credentialPublicKey)
  if (keyRefusal) return { ok: false, reason: keyRefusal }
  const passkey = await verifyByLibrary(webAuthn, input, client.challenge, bytes)
  return passkey ? { ok: true, passkey, spent: client.spent } : { ok: false, reason: 'malformed' }
}

function readAuthenticatorData(webAuthn: WebAuthn, attestationObject: Bytes): Bytes | null {
  const attestation = webAuthn.decodeCbor(attestationObject)
  const bytes: unknown = attestation instanceof Map ? attestation.get('authData') : null
  return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null
}

async function verifyByLibrary(
  webAuthn: WebAuthn,
  { relyingParty, response }: EnrolmentInput,
  challenge: string,
  authenticatorData: Bytes,
): Promise<NewPasskey | null> {
  try {
    const { registrationInfo } = await webAuthn.verifyRegistration({
      response: createCredentialJson(response.credentialId, {
        clientDataJSON: encodeBase64Url(response.clientDataJson),
        attestationObject: encodeBase64Url(dropStatement(webAuthn, authenticatorData)),
      }),
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: OFFERED_ALGORITHMS,
    })
    if (!registrationInfo) return null
    const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo
    return {
      credentialId: response.credentialId,
      publicKey: credential.publicKey,
      counter: credential.counter,
      aaguid,
      transports: response.transports,
      backupEligible: credentialDeviceType === 'multiDevice',
      backedUp: credentialBackedUp,
    }
  } catch {
    return null
  }
}

/**
 * No attestation was asked for, so none is looked at. To verify one would mean to fetch the revocation lists that its
 * certificates name: whoever may enrol could send this server to any address.
 */
function dropStatement(webAuthn: WebAuthn, authenticatorData: Bytes): Uint8Array {
  const noStatement = new Map<string, string>()
  return webAuthn.encodeCbor(
    new Map<string, string | Bytes | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', noStatement],
      ['authData', authenticatorData],
    ]),
  )
}
