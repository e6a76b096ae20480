/** What the decision looks at. Header values as they came, `null` where the header is absent. */
export interface OriginQuestion {
  method: string
  secFetchSite: string | null
  origin: string | null
  /** The configured origins; nothing from the request takes part. */
  allowedOrigins: ReadonlySet<string>
  /** A route of ours: always checked. */
  isOwnRoute: boolean
  /** Listed by the host, with a reason. Our cookies are ignored there. */
  isExempt: boolean
  /** Any cookie of ours came with the request. */
  hasOurCookie: boolean
}

export type OriginRefusal = 'cross-site' | 'foreign-origin' | 'not-same-origin' | 'no-origin'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request by this method changes nothing (RFC 9110 §9.2.1). */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method.toUpperCase())
}

/**
 * Whether a request may change anything, decided before its body is read: `null`, or why not.
 *
 * Other routes of the host are left alone as long as the request carries no cookie of ours, so that webhooks and CORS
 * endpoints go on working.
 */
export function checkOrigin(question: OriginQuestion): OriginRefusal | null {
  const { secFetchSite, origin } = question
  if (isSafeMethod(question.method) || question.isExempt) return null
  if (!question.isOwnRoute && !question.hasOurCookie) return null
  if (secFetchSite === 'cross-site') return 'cross-site' // whatever `Origin` says
  if (origin !== null) return question.allowedOrigins.has(origin) ? null : 'foreign-origin'
  if (secFetchSite !== null) return secFetchSite === 'same-origin' ? null : 'not-same-origin'
  return question.hasOurCookie ? 'no-origin' : null // neither header: no browser of today, so no cookie of ours either
}
