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

/** How to answer a refusal: 429 when limited, 503 when busy, both with `Retry-After`; 400 for everything else. */
export function refusalInit(refusal: Refusal): RefusalInit {
  const { reason, retryAfterSeconds } = refusal
  const status = reason === 'limited' ? 429 : reason === 'busy' ? 503 : 400
  const headers: Record<string, string> =
    status === 400 ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds ?? 1))) }
  return { status, headers }
}
