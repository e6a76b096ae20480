import { isoCBOR } from '@simplewebauthn/server/helpers'
import { decodeCanonical, encodeBase64Url } from '../../base64url.ts'
import { type Bytes, concatBytes, encodeUtf8 } from '../../bytes.ts'
import { sha256 } from '../../hash.ts'
import { systemRandom } from '../../random.ts'
import { createSoftwareKey, type PasskeyAlgorithm } from './software-key.ts'

type CborScalar = string | number | bigint | boolean | null | undefined | Uint8Array
type CborValue = CborScalar | CborValue[] | Map<string | number, CborValue>

export interface SoftwarePasskeyOptions {
  /** @default -7 */
  algorithm?: PasskeyAlgorithm
  /** 32 random ones by default. */
  credentialId?: Uint8Array
  /** @default '00000000-0000-0000-0000-000000000000' */
  aaguid?: string
  /** Whether its signature counter goes up. Synchronised passkeys say 0 for ever. @default false */
  counts?: boolean
  /** Whether it is of the kind that is synchronised, and is. @default true */
  synced?: boolean
}

/** What an honest browser and authenticator would never send. Each field replaces what they would. */
export interface CeremonyChanges {
  type?: unknown
  origin?: unknown
  challenge?: unknown
  crossOrigin?: unknown
  topOrigin?: unknown
  /** The text of the client data, instead of all of the above. */
  clientDataJson?: string
  rpId?: string
  userPresent?: boolean
  userVerified?: boolean
  backupEligible?: boolean
  backedUp?: boolean
  counter?: number
  credentialId?: Uint8Array
  /** `null` leaves it out. */
  userHandle?: Uint8Array | null
  /** Whatever can stand in CBOR, instead of the public key. */
  publicKey?: CborValue
  attestation?: { format: string; statement: Map<string, Bytes | Bytes[]> }
  /** Changes the authenticator data before it is signed. */
  authenticatorData?: (bytes: Bytes) => Bytes
  /** Changes the signature after it is made. */
  signature?: (bytes: Bytes) => Bytes
}

/** The JSON of `navigator.credentials.create()`. */
export interface SoftwareEnrolment {
  id: string
  rawId: string
  type: 'public-key'
  clientExtensionResults: object
  response: { clientDataJSON: string; attestationObject: string; transports: string[] }
}

/** The JSON of `navigator.credentials.get()`. */
export interface SoftwareAuthentication {
  id: string
  rawId: string
  type: 'public-key'
  clientExtensionResults: object
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string }
}

export interface SoftwarePasskey {
  readonly credentialId: Bytes
  /** Answers the options of an enrolment, as the page at `origin` would. */
  enrol(
    options: { challenge: string; rp: { id?: string }; user: { id: string } },
    origin: string,
    changes?: CeremonyChanges,
  ): SoftwareEnrolment
  /** Answers the options of a sign-in. It knows its owner from the enrolment. */
  authenticate(
    options: { challenge: string; rpId?: string },
    origin: string,
    changes?: CeremonyChanges,
  ): SoftwareAuthentication
}

const FLAGS = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 }

/** A browser and an authenticator in one, for tests: real keys and signatures, and every lie that is asked of it. */
export function createSoftwarePasskey(options: SoftwarePasskeyOptions = {}): SoftwarePasskey {
  const {
    algorithm = -7,
    aaguid = '00000000-0000-0000-0000-000000000000',
    counts = false,
    synced = true,
  } = options
  const key = createSoftwareKey(algorithm)
  const ownId = new Uint8Array(options.credentialId ?? randomBytes(32))
  let userHandle: Bytes | null = null
  let counter = 0

  function createAuthenticatorData(rpId: string, changes: CeremonyChanges, attested: Bytes): Bytes {
    const state = {
      userPresent: true,
      userVerified: true,
      backupEligible: synced,
      backedUp: synced,
      ...changes,
    }
    const flags =
      (state.userPresent ? FLAGS.userPresent : 0) |
      (state.userVerified ? FLAGS.userVerified : 0) |
      (state.backupEligible ? FLAGS.backupEligible : 0) |
      (state.backedUp ? FLAGS.backedUp : 0) |
      (attested.length > 0 ? FLAGS.attested : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(changes.counter ?? counter)
    const bytes = concatBytes(sha256(changes.rpId ?? rpId), Uint8Array.of(flags), count, attested)
    return changes.authenticatorData?.(bytes) ?? bytes
  }

  return {
    credentialId: ownId,
    enrol({ challenge, rp, user }, origin, changes = {}) {
      userHandle = decodeCanonical(user.id)
      const credentialId = changes.credentialId ?? ownId
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const publicKey = isoCBOR.encode(changes.publicKey === undefined ? key.cose : changes.publicKey)
      const attested = concatBytes(
        Buffer.from(aaguid.replaceAll('-', ''), 'hex'),
        length,
        credentialId,
        publicKey,
      )
      const { format, statement } = changes.attestation ?? { format: 'none', statement: new Map() }
      const attestationObject = isoCBOR.encode(
        new Map<string, CborValue>([
          ['fmt', format],
          ['attStmt', statement],
          ['authData', createAuthenticatorData(rp.id ?? '', changes, attested)],
        ]),
      )
      return {
        ...createCredential(credentialId),
        response: {
          clientDataJSON: createClientData('webauthn.create', challenge, origin, changes),
          attestationObject: encodeBase64Url(attestationObject),
          transports: ['hybrid', 'internal'],
        },
      }
    },
    authenticate({ challenge, rpId = '' }, origin, changes = {}) {
      if (counts) counter += 1
      const authenticatorData = createAuthenticatorData(rpId, changes, new Uint8Array())
      const clientDataJSON = createClientData('webauthn.get', challenge, origin, changes)
      const signature = key.sign(
        concatBytes(authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))),
      )
      const handle = changes.userHandle === undefined ? userHandle : changes.userHandle
      return {
        ...createCredential(changes.credentialId ?? ownId),
        response: {
          clientDataJSON,
          authenticatorData: encodeBase64Url(authenticatorData),
          signature: encodeBase64Url(changes.signature?.(signature) ?? signature),
          ...(handle && { userHandle: encodeBase64Url(handle) }),
        },
      }
    },
  }
}

function createCredential(credentialId: Uint8Array): Omit<SoftwareEnrolment, 'response'> {
  const id = encodeBase64Url(credentialId)
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {} }
}

/** As https://www.w3.org/TR/webauthn-3/#clientdatajson-serialization orders it. */
function createClientData(type: string, challenge: string, origin: string, changes: CeremonyChanges): string {
  const { topOrigin } = changes
  const data = {
    type: changes.type ?? type,
    challenge: changes.challenge ?? challenge,
    origin: changes.origin ?? origin,
    crossOrigin: changes.crossOrigin ?? false,
    ...(topOrigin !== undefined && { topOrigin }),
  }
  return encodeBase64Url(encodeUtf8(changes.clientDataJson ?? JSON.stringify(data)))
}

function randomBytes(length: number): Bytes {
  const bytes = new Uint8Array(length)
  systemRandom(bytes)
  return bytes
}
