const MAX_LENGTH = 2000

/**
 * A path that takes along where somebody wanted to go. Whether they may be sent there is checked by the library, when
 * they are.
 */
export function withRedirectTo(path: string, redirectTo: string | null | undefined): string {
  if (!redirectTo || redirectTo.length > MAX_LENGTH) return path
  return `${path}?${new URLSearchParams({ redirectTo })}`
}
