const MAX_LENGTH = 35 // RFC 5646 §4.4.1: what software must at least allow for

/**
 * Reads a language tag (BCP 47) and gives it in its usual spelling, `pt-br` as `pt-BR`; `null` for anything else.
 * Extensions are left out: which calendar or digits a text is written in is not for the tag's author to choose.
 */
export function parseLocale(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return null
  try {
    return new Intl.Locale(value).baseName
  } catch {
    return null // a RangeError: no language tag
  }
}
