/** What every flow's refusal has in common. */
export interface Refusal {
  ok: false
  reason: string
  retryAfterSeconds?: number
}

export interface RefusalInit {
  status: 400 | 429 | 503
  headers: Record<string, string>
}

/**
 * How to answer a refusal: 429 when limited, 503 when busy, both with `Retry-After`; 400 for everything else. Middleware
 * and wrapper write that header by themselves: only a host with neither needs `headers`.
 */
export function refusalInit({ reason, retryAfterSeconds }: Refusal): RefusalInit {
  const status = reason === 'limited' ? 429 : reason === 'busy' ? 503 : 400
  return { status, headers: status === 400 ? {} : { 'Retry-After': inWholeSeconds(retryAfterSeconds) } }
}

/** What a flow's answer says about trying again, as `Retry-After` wants it; `null` where it says nothing. */
export function retryAfter(result: unknown): string | null {
  if (typeof result !== 'object' || result === null || !('reason' in result)) return null
  if (result.reason !== 'limited' && result.reason !== 'busy') return null
  return inWholeSeconds('retryAfterSeconds' in result ? Number(result.retryAfterSeconds) : undefined)
}

function inWholeSeconds(seconds = 1): string {
  return String(Math.max(1, Math.ceil(seconds)))
}
