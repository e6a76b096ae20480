import type { TestApp } from './test-app.ts'

export interface Visit extends RequestInit {
  /** @default the app's own */
  from?: 'own-form' | 'other-site' | 'no-browser'
}

/** A browser in front of a test app: keeps cookies, and says where its forms come from. */
export interface TestBrowser {
  readonly cookies: Map<string, string>
  visit(path: string, init?: Visit): Promise<Response>
  /** Sends a form of the app's own. */
  submit(path: string, fields: Record<string, string>, init?: Visit): Promise<Response>
}

const origins = {
  'own-form': { Origin: 'https://app.test', 'Sec-Fetch-Site': 'same-origin' },
  'other-site': { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' },
  'no-browser': {},
}

export function createTestBrowser(app: TestApp, cookies = new Map<string, string>()): TestBrowser {
  const visit = async (path: string, { from = 'own-form', ...init }: Visit = {}) => {
    const headers = new Headers(init.headers)
    if (init.method === 'POST') {
      for (const [name, value] of Object.entries(origins[from])) headers.set(name, value)
    }
    const sent = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (sent !== '' && !headers.has('cookie')) headers.set('cookie', sent)
    const response = await app(new Request(`https://app.test${path}`, { ...init, headers }))
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
    return response
  }
  return {
    cookies,
    visit,
    submit: (path, fields, init) =>
      visit(path, { ...init, method: 'POST', body: new URLSearchParams(fields) }),
  }
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const equals = pair.indexOf('=')
  if (attributes.includes('Max-Age=0')) cookies.delete(pair.slice(0, equals))
  else cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
}
