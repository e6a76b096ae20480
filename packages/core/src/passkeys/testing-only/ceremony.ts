import { sha256 } from '../../hash.ts'
import { createRootSecret, parseKeyRing } from '../../key-ring.ts'
import {
  type CeremonyChanges,
  createSoftwarePasskey,
  type SoftwareAuthentication,
  type SoftwarePasskey,
  type SoftwarePasskeyOptions,
} from '../../testing/index.ts'
import { createChallenge, type PasskeyChallenge } from '../challenge.ts'
import { createAuthenticationOptions, createEnrolmentOptions, createUserHandle } from '../create-options.ts'
import { parseAuthenticationResponse, parseEnrolmentResponse } from '../parse-response.ts'
import {
  type AuthenticationInput,
  type AuthenticationResult,
  type StoredPasskey,
  verifyAuthentication,
} from '../verify-authentication.ts'
import { type EnrolmentInput, type EnrolmentResult, verifyEnrolment } from '../verify-enrolment.ts'

export const ring = parseKeyRing(createRootSecret())
export const relyingParty = { rpId: 'app.test', rpName: 'App', origin: 'https://app.test' }
export const now = new Date('2026-11-20T12:00:00Z')
export const browserHash = sha256('this browser')
export const userHandle = createUserHandle()

/** What the browser sends at an enrolment, changed as asked. */
export async function answerEnrolment(
  passkey: SoftwarePasskey,
  changes?: CeremonyChanges,
): Promise<ReturnType<SoftwarePasskey['enrol']>> {
  const challenge = createChallenge(ring, { purpose: 'enrol', browserHash, userId: 'ada' }, now)
  const options = await createEnrolmentOptions({
    relyingParty,
    challenge,
    userHandle,
    userName: 'ada@app.test',
    exclude: [],
  })
  return passkey.enrol(options, relyingParty.origin, changes)
}

export async function checkEnrolment(
  json: unknown,
  input: Partial<EnrolmentInput> = {},
): Promise<EnrolmentResult> {
  const response = parseEnrolmentResponse(json)
  if (!response) return { ok: false, reason: 'malformed' }
  return verifyEnrolment({ ring, relyingParty, response, browserHash, userId: 'ada', now, ...input })
}

export async function enrol(passkey: SoftwarePasskey, changes?: CeremonyChanges): Promise<EnrolmentResult> {
  return checkEnrolment(await answerEnrolment(passkey, changes))
}

export interface Enrolled {
  readonly passkey: SoftwarePasskey
  readonly stored: StoredPasskey
}

/** A passkey of `ada` and what a database would hold of it. */
export async function createEnrolled(
  options: SoftwarePasskeyOptions = {},
  changes: CeremonyChanges = {},
): Promise<Enrolled> {
  const passkey = createSoftwarePasskey(options)
  const result = await enrol(passkey, changes)
  if (!result.ok) throw new Error(`not enrolled: ${result.reason}`)
  return { passkey, stored: { ...result.passkey, userId: 'ada', userHandle } }
}

type Purpose = AuthenticationInput['purpose']

export function issueChallenge(purpose: Purpose = 'sign-in'): PasskeyChallenge {
  return createChallenge(ring, { purpose, browserHash, userId: purpose === 'sign-in' ? null : 'ada' }, now)
}

/** What the browser sends when the passkey is used, changed as asked. */
export async function answerAuthentication(
  { passkey }: Enrolled,
  changes?: CeremonyChanges,
  challenge = issueChallenge(),
): Promise<SoftwareAuthentication> {
  const options = await createAuthenticationOptions(relyingParty, challenge)
  return passkey.authenticate(options, relyingParty.origin, changes)
}

export async function checkAuthentication(
  json: unknown,
  { stored }: Enrolled,
  input: Partial<AuthenticationInput> = {},
): Promise<AuthenticationResult> {
  const response = parseAuthenticationResponse(json)
  if (!response) return { ok: false, reason: 'malformed' }
  return verifyAuthentication({
    ring,
    relyingParty,
    response,
    purpose: 'sign-in',
    browserHash,
    userId: null,
    passkey: stored,
    now,
    ...input,
  })
}

export async function authenticate(
  enrolled: Enrolled,
  changes?: CeremonyChanges,
): Promise<AuthenticationResult> {
  return checkAuthentication(await answerAuthentication(enrolled, changes), enrolled)
}
