import { encodeBase64Url } from '../base64url.ts'
import { isEqualConstantTime } from '../constant-time.ts'
import type { KeyRing } from '../key-ring.ts'
import type { ChallengePurpose, SpentChallenge } from './challenge.ts'
import {
  type AuthenticatorData,
  type AuthenticatorDataRefusal,
  checkAuthenticatorData,
  parseAuthenticatorData,
} from './check-authenticator-data.ts'
import { checkClientData, type ClientDataRefusal } from './check-client-data.ts'
import { createCredentialJson } from './credential-json.ts'
import { loadWebAuthn, type WebAuthn } from './load-webauthn.ts'
import type { AuthenticationResponse } from './parse-response.ts'
import type { RelyingParty } from './relying-party.ts'
import { STAND_IN_PUBLIC_KEY } from './stand-in-key.ts'

/** What is stored of the passkey that the response names, and of its owner. */
export interface StoredPasskey {
  readonly credentialId: Uint8Array
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly backupEligible: boolean
  readonly userId: string
  /** The owner's 64 random bytes. */
  readonly userHandle: Uint8Array
}

export interface AuthenticationInput {
  ring: KeyRing
  relyingParty: RelyingParty
  response: AuthenticationResponse
  purpose: Exclude<ChallengePurpose, 'enrol'>
  /** The hash of this browser's token. */
  browserHash: Uint8Array
  /** Who must own the passkey, or `null` for `sign-in`, where the passkey says who it is. */
  userId: string | null
  /** `null` where no passkey has that id. */
  passkey: StoredPasskey | null
  now: Date
}

export type AuthenticationResult =
  | { readonly ok: true; readonly use: PasskeyUse; readonly spent: SpentChallenge }
  | { readonly ok: false; readonly reason: Exclude<AuthenticationRefusal, 'counter-regressed'> }
  | CounterRegressed

/**
 * The signature is right and the counter is not above the stored one. Insert `spent` before anybody is alarmed: where
 * it is there already, the same answer came twice, and nothing was copied.
 */
export interface CounterRegressed {
  readonly ok: false
  readonly reason: 'counter-regressed'
  readonly spent: SpentChallenge
}

/** What to store of one use. */
export interface PasskeyUse {
  /**
   * Store it by a statement that demands what was checked here, a smaller stored one or both zero: of two uses of a
   * copied passkey at once one must lose.
   */
  readonly counter: number
  readonly backedUp: boolean
  /** Whether the authenticator knew its owner. If not, the passkey proves possession and nothing else. */
  readonly userVerified: boolean
}

/**
 * `counter-regressed` is said only of a right signature: the passkey was copied, tell its owner. `wrong-owner`: the
 * user handle is missing or is not the owner's, or the owner is not who was asked.
 */
export type AuthenticationRefusal =
  | ClientDataRefusal
  | AuthenticatorDataRefusal
  | 'unknown-passkey'
  | 'wrong-owner'
  | 'wrong-signature'
  | 'counter-regressed'

/**
 * Checks the use of a passkey (https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion). Insert `spent` in the
 * transaction that believes it: that makes the ceremony work once. Nothing a client sends makes it throw.
 *
 * How long it takes does not tell which credential ids exist: `unknown-passkey` and `wrong-owner` cost a verified
 * signature like `wrong-signature`, by a stand-in key of ES256 where there is none, and what is refused before that is
 * refused by the answer alone. Not equalised is the algorithm: a passkey of EdDSA or RS256 verifies a little longer or
 * shorter than ES256, which most passkeys have, and verifies also what is no DER, which ES256 refuses unverified.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `userId` does not fit the purpose.
 */
export async function verifyAuthentication(input: AuthenticationInput): Promise<AuthenticationResult> {
  const { ring, relyingParty, response, purpose, browserHash, userId, now } = input
  const client = checkClientData(response.clientDataJson, {
    ring,
    type: 'webauthn.get',
    origin: relyingParty.origin,
    binding: { purpose, browserHash, userId },
    now,
  })
  if (!client.ok) return client
  const passkey = knownPasskey(input)
  // First of all, and by whatever key: only then is it said whether there is such a passkey, and whose it is.
  const signed = await checkSigned(input, passkey?.publicKey ?? STAND_IN_PUBLIC_KEY, client.challenge)
  if (!passkey) return { ok: false, reason: 'unknown-passkey' }
  if (!isOwner(input, passkey)) return { ok: false, reason: 'wrong-owner' }
  if (!signed.ok) return signed
  const { data } = signed
  if (data.flags.be !== passkey.backupEligible) return { ok: false, reason: 'backup-inconsistent' }
  if (passkey.counter > 0 && data.counter <= passkey.counter) {
    return { ok: false, reason: 'counter-regressed', spent: client.spent }
  }
  const use = { counter: data.counter, backedUp: data.flags.bs, userVerified: data.flags.uv }
  return { ok: true, use, spent: client.spent }
}

function knownPasskey({ passkey, response }: AuthenticationInput): StoredPasskey | null {
  return passkey && isEqualConstantTime(passkey.credentialId, response.credentialId) ? passkey : null
}

/** The specification demands the handle where the list of allowed passkeys was empty, and ours always is. */
function isOwner({ response, userId }: AuthenticationInput, passkey: StoredPasskey): boolean {
  if (userId !== null && passkey.userId !== userId) return false
  return response.userHandle !== null && isEqualConstantTime(response.userHandle, passkey.userHandle)
}

type SignedData =
  | { readonly ok: true; readonly data: AuthenticatorData }
  | { readonly ok: false; readonly reason: AuthenticatorDataRefusal | 'wrong-signature' }

/** What the authenticator says, if this key signed it. */
async function checkSigned(
  input: AuthenticationInput,
  publicKey: Uint8Array,
  challenge: string,
): Promise<SignedData> {
  const { relyingParty, response, purpose } = input
  const webAuthn = await loadWebAuthn()
  const data = parseAuthenticatorData(webAuthn, response.authenticatorData)
  if (!data) return { ok: false, reason: 'malformed' }
  // A second factor beside a password may be possession alone; the caller sees which it was.
  const refusal = checkAuthenticatorData(data, relyingParty.rpId, purpose !== 'second-factor')
  if (refusal) return { ok: false, reason: refusal }
  const isSigned = await isSignedBy(webAuthn, input, publicKey, challenge)
  return isSigned ? { ok: true, data } : { ok: false, reason: 'wrong-signature' }
}

async function isSignedBy(
  webAuthn: WebAuthn,
  { relyingParty, response, purpose }: AuthenticationInput,
  publicKey: Uint8Array,
  challenge: string,
): Promise<boolean> {
  const credential = createCredentialJson(response.credentialId, {
    clientDataJSON: encodeBase64Url(response.clientDataJson),
    authenticatorData: encodeBase64Url(response.authenticatorData),
    signature: encodeBase64Url(response.signature),
  })
  try {
    const { verified } = await webAuthn.verifyAssertion({
      response: credential,
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.rpId,
      requireUserVerification: purpose !== 'second-factor',
      // Counter 0: the library would look at the real one before the signature, and anybody could raise the alarm.
      credential: { id: credential.id, publicKey: new Uint8Array(publicKey), counter: 0 },
    })
    return verified
  } catch {
    return false // a signature or a key that cannot be read
  }
}
