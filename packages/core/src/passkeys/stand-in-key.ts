/**
 * The key a signature is verified by where no passkey has the credential id: ES256, in COSE form. What comes of it is
 * thrown away, so it does no harm that everybody knows its private half (RFC 6979 §A.2.5).
 */
export const STAND_IN_PUBLIC_KEY: Uint8Array = Buffer.from(
  'a5010203262001' + // EC2, ES256, P-256 (RFC 9053 §7.1)
    '21582060fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6' + // x
    '2258207903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299', // y
  'hex',
)
