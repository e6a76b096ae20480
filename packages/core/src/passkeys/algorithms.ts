/**
 * COSE algorithms that are offered and accepted: EdDSA, ES256, RS256. Named instead of the library's default, which
 * offers ML-DSA-44 where Node knows it: a key enrolled there would be dead on every node that does not.
 */
export const OFFERED_ALGORITHMS = [-8, -7, -257]
