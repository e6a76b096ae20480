import type { Edge } from '../edge.ts'
import type { RequestState } from '../request/request-state.ts'
import { securityHeaders } from './security-headers.ts'
import { styleReportHeader } from './style-report.ts'

/** Every header an answer carries beside its own. */
export function answerHeaders(edge: Edge, state: RequestState): Record<string, string> {
  return {
    ...(state.isWrapped ? styleReportHeader(edge.settings, state.path) : {}), // the wrapper takes the reports
    ...securityHeaders(edge.settings, state.path, state.nonce),
    'X-Request-Id': state.requestId,
    // Forms, token pages and what they answer: no cache between here and the browser may keep one, signed in or not.
    ...(edge.settings.ownRoutes.has(state.path) ? { 'Cache-Control': 'no-store' } : {}),
  }
}
