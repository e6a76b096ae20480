/** What a loader, an action or a middleware of React Router 7, 8 or Remix 2 is called with. */
export interface RequestArgs {
  request: Request
  /** Normalised by React Router ≥ 7.18; where it is absent it is derived from the request. */
  url?: URL
  context?: unknown
  params?: Record<string, string | undefined>
}
