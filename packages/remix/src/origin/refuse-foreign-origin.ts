import type { Edge } from '../edge.ts'
import type { RequestState } from '../request/request-state.ts'
import { checkOrigin, type OriginRefusal } from './check-origin.ts'

/** The three headers the origin check looks at. */
export interface OriginHeaders {
  method: string
  secFetchSite: string | null
  origin: string | null
}

/** Decides before the body is read whether the request may go on; a refusal is logged. */
export function refuseForeignOrigin(
  edge: Edge,
  state: RequestState,
  headers: OriginHeaders,
): OriginRefusal | null {
  const { settings, runtime } = edge
  const refusal = checkOrigin({
    ...headers,
    allowedOrigins: settings.allowedOrigins,
    isOwnRoute: settings.ownRoutes.has(state.path),
    isExempt: state.path !== null && settings.exemptPaths.has(state.path),
    hasOurCookie: state.cookies.hasOurs,
  })
  if (refusal !== null) {
    runtime.logger.warn('request.refused', {
      requestId: state.requestId,
      reason: refusal,
      origin: originOrNull(headers.origin),
      expected: [...settings.allowedOrigins],
      clientAddress: state.clientAddress,
    })
  }
  return refusal
}

/** An origin and nothing else: what stands in a header may be anything, and ends in the log. */
function originOrNull(header: string | null): string | null {
  return header !== null && URL.canParse(header) && new URL(header).origin === header ? header : null
}

/** What a refused request is told. The reason is in the log. */
export function refusalText(state: RequestState): string {
  return `This request did not come from this site and was refused.\nRequest ${state.requestId}\n`
}
