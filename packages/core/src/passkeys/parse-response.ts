import { decodeCanonical } from '../base64url.ts'
import type { Bytes } from '../bytes.ts'

/** What a browser posts after making a passkey; read, not yet believed. */
export interface EnrolmentResponse {
  readonly credentialId: Bytes
  readonly clientDataJson: Bytes
  readonly attestationObject: Bytes
  /** Ways to reach the authenticator, as far as they are known names: hints for the next ceremony, no proof. */
  readonly transports: readonly string[]
}

/** What a browser posts after using a passkey; read, not yet believed. */
export interface AuthenticationResponse {
  /** What to look the passkey up by. */
  readonly credentialId: Bytes
  readonly clientDataJson: Bytes
  readonly authenticatorData: Bytes
  readonly signature: Bytes
  readonly userHandle: Bytes | null
}

const MAX_JSON_LENGTH = 32_768
const MAX_FIELD_BYTES = 8192 // the largest honest one, an attestation object with certificates, holds about half of it
const MIN_CREDENTIAL_ID_BYTES = 16 // https://www.w3.org/TR/webauthn-3/#credential-id
const MAX_CREDENTIAL_ID_BYTES = 1023
const MAX_USER_HANDLE_BYTES = 64
const TRANSPORTS: readonly unknown[] = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

/**
 * Reads the JSON of `navigator.credentials.create()`, as text or as what was parsed from it. Lengths come first: no
 * byte of anything too long is decoded.
 *
 * @returns `null` for anything else, a credential id of less than 16 or more than 1,023 bytes included.
 */
export function parseEnrolmentResponse(value: unknown): EnrolmentResponse | null {
  const credential = parseCredential(value)
  if (!credential) return null
  const { credentialId, clientDataJson, response } = credential
  const attestationObject = decodeField(response['attestationObject'])
  if (!attestationObject) return null
  return {
    credentialId,
    clientDataJson,
    attestationObject,
    transports: parseTransports(response['transports']),
  }
}

/**
 * Reads the JSON of `navigator.credentials.get()`, as text or as what was parsed from it; lengths first.
 *
 * @returns `null` for anything else.
 */
export function parseAuthenticationResponse(value: unknown): AuthenticationResponse | null {
  const credential = parseCredential(value)
  if (!credential) return null
  const { credentialId, clientDataJson, response } = credential
  const authenticatorData = decodeField(response['authenticatorData'])
  const signature = decodeField(response['signature'])
  const handle = response['userHandle']
  const isMissing = handle === undefined || handle === null || handle === ''
  const userHandle = isMissing ? null : decodeField(handle, MAX_USER_HANDLE_BYTES)
  if (!authenticatorData || !signature || (!isMissing && !userHandle)) return null
  return { credentialId, clientDataJson, authenticatorData, signature, userHandle }
}

interface Credential {
  readonly credentialId: Bytes
  readonly clientDataJson: Bytes
  readonly response: Readonly<Record<string, unknown>>
}

function parseCredential(value: unknown): Credential | null {
  const body = typeof value === 'string' ? parseJson(value) : value
  if (!isRecord(body) || body['type'] !== 'public-key' || body['id'] !== body['rawId']) return null
  const credentialId = decodeField(body['id'], MAX_CREDENTIAL_ID_BYTES)
  const response = body['response']
  if (!credentialId || credentialId.length < MIN_CREDENTIAL_ID_BYTES || !isRecord(response)) return null
  const clientDataJson = decodeField(response['clientDataJSON'])
  return clientDataJson && { credentialId, clientDataJson, response }
}

function parseTransports(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  const known = value.slice(0, TRANSPORTS.length).filter((each): each is string => TRANSPORTS.includes(each))
  return [...new Set(known)].toSorted()
}

function decodeField(value: unknown, maxBytes = MAX_FIELD_BYTES): Bytes | null {
  if (typeof value !== 'string' || value.length > Math.ceil((maxBytes * 4) / 3)) return null
  const bytes = decodeCanonical(value)
  return bytes && bytes.length > 0 ? bytes : null
}

function parseJson(text: string): unknown {
  if (text.length > MAX_JSON_LENGTH) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
