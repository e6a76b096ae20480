/** Brought in by the first log-in by a provider: a process that sees none never pays for it. */
export async function loadOpenIdClient() {
  return import('openid-client')
}

export type OpenIdClient = Awaited<ReturnType<typeof loadOpenIdClient>>
