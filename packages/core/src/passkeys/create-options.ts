import { decodeCanonical, encodeBase64Url } from '../base64url.ts'
import type { Bytes } from '../bytes.ts'
import { ConfigInvalid } from '../errors.ts'
import { systemRandom } from '../random.ts'
import { OFFERED_ALGORITHMS } from './algorithms.ts'
import { CHALLENGE_LIFE_SECONDS, type PasskeyChallenge } from './challenge.ts'
import { loadWebAuthn } from './load-webauthn.ts'
import type { RelyingParty } from './relying-party.ts'

/**
 * What the browser needs to make a passkey; goes to the page as it is
 * (https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson). Written out here, because a type of
 * the library that makes it would bring its certificate parsers into every app's type-check.
 */
export interface EnrolmentOptions {
  rp: { id?: string; name: string }
  user: { id: string; name: string; displayName: string }
  challenge: string
  pubKeyCredParams: { type: string; alg: number }[]
  timeout?: number
  excludeCredentials?: { id: string; type: string; transports?: string[] }[]
  authenticatorSelection?: { residentKey?: string; requireResidentKey?: boolean; userVerification?: string }
  hints?: string[]
  attestation?: string
  extensions?: object
}

/**
 * What the browser needs to ask for a passkey; goes to the page as it is
 * (https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson).
 */
export interface AuthenticationOptions {
  challenge: string
  timeout?: number
  rpId?: string
  allowCredentials?: { id: string; type: string; transports?: string[] }[]
  userVerification?: string
  hints?: string[]
  extensions?: object
}

export interface EnrolmentOptionsInput {
  relyingParty: RelyingParty
  /** Of the purpose `enrol`. */
  challenge: PasskeyChallenge
  /** The user's random handle of 64 bytes, the same for every passkey of theirs. It says nothing about them. */
  userHandle: Uint8Array
  /** What tells accounts apart in the browser's list, such as the address. */
  userName: string
  /** @default userName */
  userDisplayName?: string
  /** How long the challenge works, for the browser's own waiting. @default 300 */
  lifeSeconds?: number
  /** The passkeys this user has already: one authenticator holds one. */
  exclude: readonly { readonly credentialId: Uint8Array; readonly transports: readonly string[] }[]
}

/** Longest allowed, and what https://www.w3.org/TR/webauthn-3/#sctn-user-handle-privacy recommends. */
const USER_HANDLE_BYTES = 64

/** Makes what a passkey gives back at sign-in, once for each user. Tests pass their own `fillRandom`. */
export function createUserHandle(fillRandom = systemRandom): Bytes {
  const handle = new Uint8Array(USER_HANDLE_BYTES)
  fillRandom(handle)
  return handle
}

/**
 * A passkey that signs in by itself: kept by the authenticator, unlocked by its owner, in one of the offered algorithms.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the user handle does not have 64 bytes.
 */
export async function createEnrolmentOptions(input: EnrolmentOptionsInput): Promise<EnrolmentOptions> {
  if (input.userHandle.length !== USER_HANDLE_BYTES) {
    throw new ConfigInvalid(`A user handle has ${USER_HANDLE_BYTES} bytes.`)
  }
  const { createOptionsForEnrolment } = await loadWebAuthn()
  return createOptionsForEnrolment({
    rpID: input.relyingParty.rpId,
    rpName: input.relyingParty.rpName,
    challenge: decodeChallenge(input.challenge),
    userID: new Uint8Array(input.userHandle),
    userName: input.userName,
    userDisplayName: input.userDisplayName ?? input.userName,
    timeout: (input.lifeSeconds ?? CHALLENGE_LIFE_SECONDS) * 1000,
    attestationType: 'none',
    excludeCredentials: input.exclude.map(({ credentialId, transports }) => ({
      id: encodeBase64Url(credentialId),
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: OFFERED_ALGORITHMS,
  })
}

/**
 * The same question for everybody: the list of allowed passkeys is always empty, or it would tell who has an account
 * and which authenticators are theirs.
 */
export async function createAuthenticationOptions(
  relyingParty: RelyingParty,
  challenge: PasskeyChallenge,
  { lifeSeconds = CHALLENGE_LIFE_SECONDS }: { lifeSeconds?: number } = {},
): Promise<AuthenticationOptions> {
  const { createOptionsForAuthentication } = await loadWebAuthn()
  return createOptionsForAuthentication({
    rpID: relyingParty.rpId,
    challenge: decodeChallenge(challenge),
    allowCredentials: [],
    timeout: lifeSeconds * 1000,
    userVerification: 'required',
  })
}

/** As bytes: text would be encoded a second time. */
function decodeChallenge(challenge: PasskeyChallenge): Bytes {
  const bytes = decodeCanonical(challenge)
  if (!bytes) throw new ConfigInvalid('A challenge comes from createChallenge.')
  return bytes
}
