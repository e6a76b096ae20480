import type { Bytes } from '../bytes.ts'

type CborPart = string | Bytes | Map<string, string>

/** Brought in by the first ceremony: a process that sees no passkey never pays the 140 ms of its certificate parsers. */
export async function loadWebAuthn() {
  const [server, helpers] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ])
  return {
    createOptionsForEnrolment: server.generateRegistrationOptions,
    createOptionsForAuthentication: server.generateAuthenticationOptions,
    verifyRegistration: server.verifyRegistrationResponse,
    verifyAssertion: server.verifyAuthenticationResponse,
    parseAuthenticatorData: helpers.parseAuthenticatorData,
    /** `undefined` for what is no CBOR. */
    decodeCbor(bytes: Uint8Array): unknown {
      try {
        return helpers.isoCBOR.decodeFirst(new Uint8Array(bytes))
      } catch {
        return undefined // nesting beyond the stack included
      }
    },
    encodeCbor: (parts: Map<string, CborPart>): Uint8Array => helpers.isoCBOR.encode(parts),
  }
}

export type WebAuthn = Awaited<ReturnType<typeof loadWebAuthn>>
