/** What `Response.json` does: the Response that Remix 2 may bring of its own has no such function. */
export function jsonAnswer(
  body: unknown,
  init: { status?: number; statusText?: string; headers: Readonly<Record<string, string>> },
): Response {
  const headers = { ...init.headers, 'Content-Type': 'application/json' }
  return new Response(JSON.stringify(body), { ...init, headers })
}
