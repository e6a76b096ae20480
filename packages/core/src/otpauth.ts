import { encodeBase32 } from './base32.ts'
import { ConfigInvalid } from './errors.ts'

/** What an authenticator app shows beside the code. */
export interface OtpauthNames {
  /** The app. */
  issuer: string
  /** The account within it, such as its address. */
  label: string
}

const MAX_NAME_LENGTH = 128 // in code points: the QR code of a longer one is hard to scan
const GROUP = /.{4}(?=.)/g

/** The secret as people type it into an app that cannot scan: base32 (RFC 4648 §6) in groups of four. */
export function formatTotpSecret(secret: Uint8Array): string {
  return encodeBase32(secret).replaceAll(GROUP, '$& ')
}

/**
 * The text of the QR code, in the Key URI Format that authenticator apps share:
 * `otpauth://totp/Acme:ada%40example.com?secret=…&issuer=Acme&algorithm=SHA1&digits=6&period=30`.
 *
 * It holds the secret: show it to its owner alone, never log it.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when nothing readable is left of the issuer.
 */
export function createOtpauthUri(secret: Uint8Array, names: OtpauthNames): string {
  const [issuer, label] = [encodeName(names.issuer), encodeName(names.label)]
  if (issuer === '') throw new ConfigInvalid('An otpauth URI needs the name of the app as its issuer.')
  const query = `secret=${encodeBase32(secret)}&issuer=${issuer}&algorithm=SHA1&digits=6&period=30`
  return `otpauth://totp/${issuer}:${label}?${query}`
}

/**
 * The format forbids a colon within a name, even an encoded one: apps decode first and then cut at the colon, so that
 * one name could pose as two. Control and invisible characters are for nobody to read. Both become a blank.
 */
function encodeName(name: string): string {
  const plain = Array.from(name.slice(0, MAX_NAME_LENGTH * 2))
    .slice(0, MAX_NAME_LENGTH)
    .join('')
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s:]+/gu, ' ')
    .trim()
  // RFC 3986 §2.2 reserves these too, and some scanners take them for an end.
  return encodeURIComponent(plain).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
