/** Directives of the policy; scripts run by nonce alone. */
export function contentSecurityPolicy(
  nonce: string,
  options: { development: boolean; allow: Readonly<Record<string, readonly string[]>> },
): string {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'self'"],
    'script-src': [`'nonce-${nonce}'`, "'strict-dynamic'"],
    // Vite injects styles without a nonce, and a nonce would switch 'unsafe-inline' off.
    'style-src': options.development ? ["'self'", "'unsafe-inline'"] : ["'self'", `'nonce-${nonce}'`],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': options.development ? ["'self'", 'ws:'] : ["'self'"],
    'form-action': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  for (const [directive, sources] of Object.entries(options.allow)) {
    directives[directive] = [...(directives[directive] ?? ["'self'"]), ...sources]
  }
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')
}
