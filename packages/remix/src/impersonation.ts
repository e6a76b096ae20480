import type { RequestState } from './request/request-state.ts'

/** By its code: the library can be loaded twice, and a class is then two classes. */
export function isImpersonationRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SIGRA_IMPERSONATION_REFUSED'
}

/** What somebody is told who acts as another person and asked for what is refused then. */
export function refuseImpersonated({ requestId }: RequestState): Response {
  const text = `This is not done in the name of somebody else.\nRequest ${requestId}\n`
  return new Response(text, { status: 403, headers: { 'Cache-Control': 'no-store' } })
}
