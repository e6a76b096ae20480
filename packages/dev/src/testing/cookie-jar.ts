/** Keeps what an answer sets and forgets what it takes back, by name: a test has one host, and no time passes in it. */
export function keepCookies(jar: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';')
    const name = pair.slice(0, pair.indexOf('=')).trim()
    const value = pair.slice(pair.indexOf('=') + 1).trim()
    if (value === '' || attributes.some(isOver)) jar.delete(name)
    else jar.set(name, value)
  }
}

function isOver(attribute: string): boolean {
  return /^\s*max-age\s*=\s*(?:0|-\d+)\s*$/i.test(attribute)
}
